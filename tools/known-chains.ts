import * as chains from "viem/chains";

/** Addresses by the names that viem has for contracts. */
export type KnownContracts = Readonly<Record<string, string>>;

/** Contracts of known rollups on their L1, by the ids of that and of themselves. */
export type KnownChains = Readonly<Record<string, Readonly<Record<string, KnownContracts>>>>;

/** What viem knows of all chains that have contracts on another one: those of the OP Stack, as it is now. */
export function knownChains(): KnownChains {
  const known: Record<string, Record<string, Record<string, string>>> = {};
  for (const { id, contracts = {} } of Object.values<chains.Chain>(chains)) {
    for (const [name, contract] of Object.entries(contracts)) {
      for (const [l1, address] of Object.entries(byL1(contract)))
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
