import { getAddress } from "ethers";
import type { PerChain } from "../../engine/base/index.ts";
import type { Addresses } from "./addresses.ts";
import known from "./known-chains.json" with { type: "json" };

/** Addresses by viem's names of contracts. */
type Published = Readonly<Partial<Record<string, string>>>;

const PUBLISHED: Readonly<Record<string, Readonly<Record<string, Published>>>> = known;

/** Contracts by the names of the address book: what viem calls them, and what they are. */
const COMPARED = [
  ["portal", "portal", "portal"],
  ["l1Bridge", "l1StandardBridge", "standard bridge on L1"],
  ["factory", "disputeGameFactory", "factory of dispute games"],
  ["oracle", "l2OutputOracle", "oracle of outputs"],
] as const satisfies readonly (readonly [keyof Addresses, string, string])[];

/**
 * Where a pair's contracts are not the published ones: those that npm's viem names in `viem/chains`, for the chains that it knows
 * (`npm run known-chains`). The chains' own answers are right all the same, as factories move; but an L2 endpoint that lies about its
 * bridge is seen here.
 *
 * @returns a line for each that differs
 */
export function unlikePublished(
  chainIds: PerChain<bigint>,
  found: Readonly<Partial<Record<keyof Addresses, string | undefined>>>,
): string[] {
  const published = PUBLISHED[String(chainIds[1])]?.[String(chainIds[2])] ?? {};
  return COMPARED.flatMap(([name, theirs, what]) => {
    const [own, address] = [found[name], published[theirs]];
    if (own === undefined || address === undefined || own === getAddress(address)) return [];
    return [
      `the ${what} of chain ${chainIds[2]} is ${own} by the chains themselves, which is used, and ` +
        `${getAddress(address)} by viem/chains: has it moved since, or is an endpoint wrong?`,
    ];
  });
}
