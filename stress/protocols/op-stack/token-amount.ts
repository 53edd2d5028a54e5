import type { Chain } from "../../engine/base/index.ts";
import { TOKENS } from "../erc20.ts";
import type { ChildView, Wanted } from "../operation.ts";
import type { OpStackView } from "./operation.ts";

/** The part of a child's tokens that goes across: a half, so that there is something to bring back from either chain. */
const PART = 2n;

/** Tokens that go across: as many as are wanted, else the child's part. Smallest units. */
export const tokenAmount = (child: ChildView, from: Chain, wanted?: Wanted): bigint =>
  wanted?.amount ?? child.amount(from, TOKENS) / PART;

/** Why a child has no tokens to send across; undefined: it has. */
export function tokenRefusal(
  { contracts }: Pick<OpStackView, "contracts">,
  child: ChildView,
  from: Chain,
  wanted?: Wanted,
): string | undefined {
  if (contracts.token === undefined) return "the target has no token";
  const amount = tokenAmount(child, from, wanted);
  if (amount === 0n) return `no tokens on L${from}`;
  return amount > child.amount(from, TOKENS) ? `fewer tokens on L${from} than wanted` : undefined;
}
