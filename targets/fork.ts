import { computeAddress, id } from "ethers";
import type { Fork, Target } from "./target.ts";
import { localStacks } from "../fixtures/local-stack/index.ts";

/** Blocks by which L1's pin is behind the newest where nobody chose one: a reorganisation shall not take it back. */
export const FORK_MARGIN = 16;

/**
 * Key of the account that pays for runs on forks, and has money nowhere else. No secret: a fork is thrown away with its run,
 * and the target's own key is not used, nor even read.
 */
const FUNDER_KEY = id("rollup-stress: funder of forks");

/** A target file, as it was parsed, with the forks' own funder in place of its own. */
export function withForkFunder(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return raw;
  return "funder_acct" in raw
    ? { ...raw, funder_acct: [computeAddress(FUNDER_KEY), FUNDER_KEY] }
    : { ...raw, funder: { key: FUNDER_KEY } };
}

/** Whether the text of a target file asks for a fork. */
export const asksForFork = (raw: unknown): boolean =>
  typeof raw === "object" && raw !== null && "fork" in raw;

/**
 * A fork of a target. Its name is another, so that neither accounts nor journal are taken for the target's own; mainnet's
 * chain id is allowed, as no money of mainnet's is in reach.
 */
export const forked = (target: Target, fork: Omit<Fork, "of">): Target => ({
  ...target,
  name: `${target.name}-fork`,
  allowMainnet: true,
  place: {
    kind: "fork",
    of: target.place.kind === "fork" ? target.place.of : target.place,
    fork: { ...fork, of: target.name },
  },
});

/** The target with what `--fork` says (as in `TargetChoice`): it goes before the target's own fork part. */
export function withForkOption(target: Target, option: string | undefined): Target {
  if (option === undefined) return target;
  const blocks = pinsOf(option);
  if (target.place.kind !== "fork") {
    const settings = localStacks[target.protocol].fork.settings.parse({});
    return forked(target, { blocks, margin: FORK_MARGIN, settings });
  }
  const { fork, of } = target.place;
  return { ...target, place: { kind: "fork", of, fork: { ...fork, blocks: blocks ?? fork.blocks } } };
}

/** The blocks of `--fork=<l1>,<l2>`; undefined where it names none. */
function pinsOf(option: string): Fork["blocks"] {
  const [l1, l2] = option.split(",").map(Number);
  return l1 === undefined || l2 === undefined ? undefined : { 1: l1, 2: l2 };
}
