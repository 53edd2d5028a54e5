import { getAddress } from "ethers";
import type { PerChain } from "../../engine/base/index.ts";
import known from "./known-chains.json" with { type: "json" };

/** L1's contracts by the names of the address book; those that are published. */
type Published = Readonly<Record<string, string>>;

const PUBLISHED: Readonly<Record<string, Readonly<Record<string, Published>>>> = known;

const WHAT: Readonly<Record<string, string>> = {
  portal: "portal",
  l1Bridge: "standard bridge on L1",
  factory: "factory of dispute games",
  oracle: "oracle of outputs",
};

/**
 * Where a pair's contracts are not the published ones: those that npm's viem names in `viem/chains`, for the chains that it knows
 * (`npm run known-chains`). The chains' own answers are right all the same, as factories move; but an L2 endpoint that lies about its
 * bridge is seen here.
 *
 * @returns a line for each that differs
 */
export function unlikePublished(
  chainIds: PerChain<bigint>,
  found: Readonly<Record<string, string | undefined>>,
): string[] {
  const published = PUBLISHED[String(chainIds[1])]?.[String(chainIds[2])] ?? {};
  return Object.entries(published).flatMap(([name, address]) => {
    const own = found[name];
    if (own === undefined || own === getAddress(address)) return [];
    return [
      `the ${WHAT[name] ?? name} of chain ${chainIds[2]} is ${own} by the chains themselves, which is used, and ` +
        `${getAddress(address)} by viem/chains: has it moved since, or is an endpoint wrong?`,
    ];
  });
}
