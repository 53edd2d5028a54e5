import { getAddress, type Interface, ZeroAddress } from "ethers";
import { type PerChain, perChainAsync } from "../../engine/base/index.ts";
import type { Node } from "../../engine/rpc/index.ts";
import type { AddressBook, Discovered } from "../protocol.ts";
import { askNumber, askText } from "./ask.ts";
import { ABI } from "./contracts.ts";
import { unlikePublished } from "./known.ts";
import { listedMistakes } from "./listed.ts";
import { PREDEPLOYS } from "./predeploys.ts";

/** An address that a contract's getter tells; undefined where there is none. */
async function addressOf(
  node: Pick<Node, "call">,
  abi: Interface,
  at: string | undefined,
  getter: string,
): Promise<string | undefined> {
  if (at === undefined) return undefined;
  const answer = await askText(node, abi, at, getter);
  return answer === undefined || answer === ZeroAddress ? undefined : getAddress(answer);
}

/**
 * Asks a pair of chains for the bridge's contracts: L2's messenger names L1's, that one the portal, and that one the rest. Every
 * generation of contracts answers so. They are asked anew for each run, as factories move, and checked against each other: an L2
 * that names another network's contracts is told before a wei moves.
 */
export async function discover(nodes: PerChain<Node>, picked: AddressBook): Promise<Discovered> {
  const { CrossDomainMessenger: messenger, StandardBridge: bridge, OptimismPortal: portalAbi } = ABI;
  const [l1Messenger, l1Bridge] = await Promise.all([
    addressOf(nodes[2], messenger, PREDEPLOYS.messenger, "otherMessenger"),
    addressOf(nodes[2], bridge, PREDEPLOYS.standardBridge, "otherBridge"),
  ]);
  const portal = await addressOf(nodes[1], messenger, l1Messenger, "portal");
  const getters = ["systemConfig", "disputeGameFactory", "l2Oracle", "anchorStateRegistry"];
  const [systemConfig, factory, oracle, registry] = await Promise.all(
    getters.map((getter) => addressOf(nodes[1], portalAbi, portal, getter)),
  );
  const found = { l1Messenger, l1Bridge, portal, systemConfig, factory, oracle, registry };
  const known = await Promise.all([contradictions(nodes, found), listedMistakes(nodes, picked)]);
  const mistakes = [...missing(found), ...known.flat()];
  if (mistakes.length > 0) return { mistakes };
  const addresses = Object.entries({ ...picked, ...found }).flatMap(([name, address]) =>
    address === undefined ? [] : [[name, address] as const],
  );
  const chainIds = await perChainAsync((chain) => nodes[chain].chainId());
  return { addresses: Object.fromEntries(addresses), warnings: unlikePublished(chainIds, found) };
}

type Found = Readonly<
  Record<
    "l1Messenger" | "l1Bridge" | "portal" | "systemConfig" | "factory" | "oracle" | "registry",
    string | undefined
  >
>;

/** What keeps the chains from being a pair, the first link that is missing. */
function missing(found: Found): string[] {
  const { l1Messenger, l1Bridge, portal, systemConfig, factory, oracle } = found;
  if (l1Messenger === undefined)
    return [`L2's messenger ${PREDEPLOYS.messenger} names no messenger on L1: it is no OP Stack chain`];
  if (l1Bridge === undefined)
    return [`L2's standard bridge ${PREDEPLOYS.standardBridge} names no bridge on L1`];
  if (portal === undefined)
    return [
      `${l1Messenger}, L2's messenger on L1 as L2 has it, names no portal there: is l1 the right chain?`,
    ];
  if (systemConfig === undefined) return [`the portal ${portal} names no system configuration`];
  if (factory === undefined && oracle === undefined)
    return [`the portal ${portal} names neither a factory of dispute games nor an oracle of outputs`];
  return [];
}

/** Where contracts name each other otherwise than they are named. */
async function contradictions(nodes: PerChain<Node>, found: Found): Promise<string[]> {
  const { l1Messenger, l1Bridge, portal, systemConfig } = found;
  const [messengerBack, bridgeBack, portalBack, l2ChainId, chainId] = await Promise.all([
    addressOf(nodes[1], ABI.CrossDomainMessenger, l1Messenger, "otherMessenger"),
    addressOf(nodes[1], ABI.StandardBridge, l1Bridge, "otherBridge"),
    addressOf(nodes[1], ABI.SystemConfig, systemConfig, "optimismPortal"),
    systemConfig === undefined ? undefined : askNumber(nodes[1], ABI.SystemConfig, systemConfig, "l2ChainId"),
    nodes[2].chainId(),
  ]);
  const differs = (
    name: string,
    at: string | undefined,
    says: string | undefined,
    wanted: string | undefined,
  ) =>
    at === undefined || says === undefined || says === wanted
      ? []
      : [`${name} ${at} names ${says}, not ${wanted}`];
  return [
    ...differs("L1's messenger", l1Messenger, messengerBack, PREDEPLOYS.messenger),
    ...differs("L1's standard bridge", l1Bridge, bridgeBack, PREDEPLOYS.standardBridge),
    ...differs("the system configuration", systemConfig, portalBack, portal),
    // Only newer ones tell the chain that they are of.
    ...(l2ChainId === undefined || l2ChainId === chainId || l2ChainId === 0n
      ? []
      : [`the system configuration ${systemConfig} is of chain ${l2ChainId}, and L2 is chain ${chainId}`]),
  ];
}
