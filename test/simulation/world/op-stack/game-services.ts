import { id } from "ethers";
import type { SimChain } from "../chain.ts";
import type { Hazards } from "../hazards.ts";
import type { Service } from "../service.ts";
import { AT } from "./contracts.ts";
import { CHALLENGER_WINS, CLOCK_S, DEFENDER_WINS, IN_PROGRESS } from "./games.ts";
import type { L1State } from "./l1-state.ts";
import type { L2State } from "./l2-state.ts";

/** L2 blocks between two proposals. */
const EVERY_BLOCKS = 6;

/** How long the portal is paused. Seconds. */
const PAUSE_S = [3, 20] as const;

/** Types that games have, as the guardian has them respected. */
const TYPES = [0, 1] as const;

const PROPOSER = `0x${"00".repeat(18)}9a01`;

const service = (label: string, run: (state: L1State, now: number) => boolean): Service<L1State> => ({
  label,
  call: { from: PROPOSER, to: AT.factory, value: 0n, data: "0x" },
  run: (state, { timestamp }) => (run(state, timestamp) ? [] : undefined),
});

/** Proposes an L2 block that nothing takes back any more, truly or not. */
export const proposing = (
  settled: SimChain<L2State>["head"] | undefined,
  { strike }: Striking,
): Service<L1State> =>
  service("proposal", ({ games }, now) => {
    const last = games.all.at(-1)?.block ?? 0;
    if (settled === undefined || settled.number < last + EVERY_BLOCKS) return false;
    const isTrue = strike("falseGames") === undefined;
    const { number: block, hash, state } = settled;
    games.all.push({
      type: games.respectedType,
      createdAt: now,
      block,
      root: isTrue ? state.outputRoot(hash) : id(`no root of ${block}`),
      isTrue,
      wasRespected: true,
      status: IN_PROGRESS,
      resolvedAt: 0,
      isBlacklisted: false,
    });
    return true;
  });

type Striking = Pick<Hazards, "strike">;

/** Resolves games whose clocks have run out: each for whoever is right. */
export const resolving = (): Service<L1State> =>
  service("resolution", ({ games }, now) => {
    const due = games.all.flatMap(({ status, createdAt, isTrue }, index) =>
      status === IN_PROGRESS && now >= createdAt + CLOCK_S ? [{ index, isTrue }] : [],
    );
    for (const { index, isTrue } of due)
      games.change(index, { status: isTrue ? DEFENDER_WINS : CHALLENGER_WINS, resolvedAt: now });
    return due.length > 0;
  });

/** Where a guardian goes on retiring games faster than they ripen, nothing can be withdrawn. */
const MOST_RETIREMENTS = 4;

/** What a guardian does that has people prove again, or wait: nothing against what is finalised already. */
export const guarding = ({ strike }: Striking): readonly Service<L1State>[] => [
  service("blacklisting", ({ games }) => {
    const struck = strike("blacklistings");
    if (struck === undefined || games.all.length === 0) return false;
    const index = games.all.length - struck.between(1, Math.min(3, games.all.length));
    games.change(index, { isBlacklisted: true });
    return true;
  }),
  service("retirement", ({ games }, now) => {
    if (strike("retirements") === undefined || games.retirements === MOST_RETIREMENTS) return false;
    games.retirements++;
    games.retiredTo = now;
    return true;
  }),
  service("another type", ({ games }) => {
    if (strike("typeChanges") === undefined) return false;
    games.respectedType = TYPES[games.respectedType === TYPES[0] ? 1 : 0];
    return true;
  }),
  service("pause", ({ games }, now) => {
    const struck = games.isPaused(now) ? undefined : strike("pauses");
    if (struck === undefined) return false;
    games.pausedTo = now + struck.between(...PAUSE_S);
    return true;
  }),
];
