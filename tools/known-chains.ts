import * as chains from "viem/chains";

/** L1's addresses of one OP Stack chain, by the names of our own address book. */
export type KnownChain = Readonly<Partial<Record<"portal" | "l1Bridge" | "factory" | "oracle", string>>>;

/** Known OP Stack chains by the ids of their L1 and of themselves. */
export type KnownChains = Readonly<Record<string, Readonly<Record<string, KnownChain>>>>;

/** What viem calls the contracts of L1. */
const NAMES = {
  portal: "portal",
  l1Bridge: "l1StandardBridge",
  factory: "disputeGameFactory",
  oracle: "l2OutputOracle",
} as const satisfies Record<keyof KnownChain, string>;

/** All OP Stack chains that viem knows, sorted, with the contracts that it names for each L1. */
export function knownChains(): KnownChains {
  const known: Record<string, Record<string, Record<string, string>>> = {};
  for (const { id, contracts = {} } of Object.values<chains.Chain>(chains)) {
    for (const [name, of] of Object.entries(NAMES)) {
      for (const [l1, address] of Object.entries(byL1(Reflect.get(contracts, of))))
        ((known[l1] ??= {})[id] ??= {})[name] ??= address;
    }
  }
  return known;
}

/** Addresses by the id of the L1 that they are on: a contract that is on the chain itself has none. */
function byL1(contract: unknown): Record<string, string> {
  if (typeof contract !== "object" || contract === null) return {};
  return Object.fromEntries(
    Object.entries(contract).flatMap(([l1, place]: [string, unknown]) =>
      typeof place === "object" && place !== null && "address" in place && /^\d+$/.test(l1)
        ? [[l1, String(place.address)]]
        : [],
    ),
  );
}
