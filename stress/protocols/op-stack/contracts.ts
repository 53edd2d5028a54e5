import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PerChain } from "../../engine/base/index.ts";
import type { NamedAddress } from "../protocol.ts";
import type { Addresses } from "./addresses.ts";
import { PREDEPLOYS } from "./predeploys.ts";
import { Abi } from "../abi.ts";

const load = (name: string): Abi =>
  new Abi(
    readFileSync(
      join(import.meta.dirname, "..", "..", "..", "contracts-abi", "op-stack", `${name}.json`),
      "utf8",
    ),
  );

/** The ABIs the engine calls or listens to. Bridges and messengers have the same on both chains. */
export const ABI = {
  AnchorStateRegistry: load("AnchorStateRegistry"),
  CrossDomainMessenger: load("CrossDomainMessenger"),
  DisputeGame: load("DisputeGame"),
  DisputeGameFactory: load("DisputeGameFactory"),
  L2OutputOracle: load("L2OutputOracle"),
  L2ToL1MessagePasser: load("L2ToL1MessagePasser"),
  OptimismMintableERC20: load("OptimismMintableERC20"),
  OptimismPortal: load("OptimismPortal"),
  // What the portal keeps of a proof: one name, and another answer in each generation.
  ProvenGames: load("ProvenGames"),
  ProvenOutputs: load("ProvenOutputs"),
  StandardBridge: load("StandardBridge"),
  SystemConfig: load("SystemConfig"),
  Teleportation: load("Teleportation"),
} as const;

/** A target's contracts. */
export class Contracts {
  readonly addresses: Addresses;
  readonly portal: string;
  readonly bridge: PerChain<string>;
  readonly messenger: PerChain<string>;
  readonly messagePasser = PREDEPLOYS.messagePasser;
  /** The fast bridge; undefined where the target has none. */
  readonly fastBridge: PerChain<string> | undefined;
  /** The ERC-20 that children take across: L1's, and its twin on L2. Undefined where the target has none. */
  readonly token: PerChain<string> | undefined;

  constructor(addresses: Addresses) {
    this.addresses = addresses;
    this.portal = addresses.portal;
    this.bridge = { 1: addresses.l1Bridge, 2: PREDEPLOYS.standardBridge };
    this.messenger = { 1: addresses.l1Messenger, 2: PREDEPLOYS.messenger };
    this.fastBridge = both(addresses.l1Teleportation, addresses.l2Teleportation);
    this.token = both(addresses.l1Token, addresses.l2Token);
  }
}

const both = (one: string | undefined, two: string | undefined): PerChain<string> | undefined =>
  one === undefined || two === undefined ? undefined : { 1: one, 2: two };

/** Contracts that must have code before a run begins, by what they are called in messages. */
export function requiredCode(addresses: Addresses, chain: 1 | 2): readonly NamedAddress[] {
  const { portal, l1Bridge, l1Messenger, factory, oracle, registry } = addresses;
  const named: Readonly<Record<string, string | undefined>> =
    chain === 1
      ? {
          portal,
          "L1 standard bridge": l1Bridge,
          "L1 messenger": l1Messenger,
          "factory of dispute games": factory,
          "oracle of outputs": oracle,
          "registry of anchor states": registry,
          "L1 fast bridge": addresses.l1Teleportation,
          "L1 token": addresses.l1Token,
        }
      : {
          "L2 messenger": PREDEPLOYS.messenger,
          "L2 standard bridge": PREDEPLOYS.standardBridge,
          "L2 message passer": PREDEPLOYS.messagePasser,
          "L2 fast bridge": addresses.l2Teleportation,
          "L2 token": addresses.l2Token,
        };
  return Object.entries(named).flatMap(([name, address]) =>
    address === undefined ? [] : [{ name, address }],
  );
}
