import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ZeroAddress } from "ethers";
import type { Chain, PerChain } from "../../engine/base/index.ts";
import type { NamedAddress } from "../protocol.ts";
import { PREDEPLOYS } from "./predeploys.ts";
import { Abi } from "../abi.ts";

const load = (name: string): Abi =>
  new Abi(
    readFileSync(
      join(import.meta.dirname, "..", "..", "..", "contracts-abi", "ovm2", `${name}.json`),
      "utf8",
    ),
  );

/** The ABIs the engine calls or listens to. */
export const ABI = {
  L1LiquidityPool: load("L1LiquidityPool"),
  L2LiquidityPool: load("L2LiquidityPool"),
  L2BillingContract: load("L2BillingContract"),
  L1StandardBridge: load("L1StandardBridge"),
  L2StandardBridge: load("L2StandardBridge"),
  CrossDomainMessenger: load("CrossDomainMessenger"),
  CanonicalTransactionChain: load("CanonicalTransactionChain"),
  StateCommitmentChain: load("StateCommitmentChain"),
  ERC20: load("ERC20"),
} as const;

/** Contracts whose address a target tells. L2's predeploys are fixed. */
export interface Addresses {
  readonly l1Pool: string;
  readonly l2Pool: string;
  readonly l1Bridge: string;
  readonly l1Messenger: string;
  readonly fastMessenger: string;
  readonly ctc: string;
  readonly scc: string;
}

/** A target's contracts. */
export class Contracts {
  readonly addresses: Addresses;
  readonly pool: PerChain<string>;
  readonly bridge: PerChain<string>;
  /** The messengers of each chain that relay, and on which `SentMessage` appears. */
  readonly messengers: PerChain<readonly string[]>;

  constructor(addresses: Addresses) {
    this.addresses = addresses;
    this.pool = { 1: addresses.l1Pool, 2: addresses.l2Pool };
    this.bridge = { 1: addresses.l1Bridge, 2: PREDEPLOYS.standardBridge };
    this.messengers = { 1: [addresses.l1Messenger, addresses.fastMessenger], 2: [PREDEPLOYS.messenger] };
  }

  /** Where a contract of this ABI stands on its chain. */
  addressOf(abi: "L1LiquidityPool" | "L2LiquidityPool" | "L1StandardBridge" | "L2StandardBridge"): string {
    switch (abi) {
      case "L1LiquidityPool":
        return this.pool[1];
      case "L2LiquidityPool":
        return this.pool[2];
      case "L1StandardBridge":
        return this.bridge[1];
      case "L2StandardBridge":
        return this.bridge[2];
    }
  }
}

/** How the pool of each chain names ETH. */
export const POOL_ETH: PerChain<string> = { 1: ZeroAddress, 2: PREDEPLOYS.eth };

/** The ABI of each chain's pool. */
export const POOL_ABI: PerChain<Abi> = { 1: ABI.L1LiquidityPool, 2: ABI.L2LiquidityPool };

/** Contracts that must have code before a run begins, by what they are called in messages. */
export const requiredCode = (addresses: Addresses, chain: Chain): readonly NamedAddress[] =>
  (chain === 1
    ? [
        ["Proxy__L1LiquidityPool", addresses.l1Pool],
        ["Proxy__L1StandardBridge", addresses.l1Bridge],
        ["Proxy__L1CrossDomainMessenger", addresses.l1Messenger],
        ["Proxy__L1CrossDomainMessengerFast", addresses.fastMessenger],
        ["CanonicalTransactionChain", addresses.ctc],
        ["StateCommitmentChain", addresses.scc],
      ]
    : [
        ["Proxy__L2LiquidityPool", addresses.l2Pool],
        ["L2 messenger", PREDEPLOYS.messenger],
        ["L2 standard bridge", PREDEPLOYS.standardBridge],
        ["L2 ETH", PREDEPLOYS.eth],
      ]
  ).map(([name = "", address = ""]) => ({ name, address }));
