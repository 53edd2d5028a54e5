import { expect } from "vitest";
import type { Fault } from "../../fixtures/local-stack/index.ts";
import type { CrossingClass } from "../../stress/engine/audit/crossing-audit.ts";
import type { Detector } from "../../stress/report/findings.ts";
import { isConserved } from "../../stress/engine/audit/index.ts";
import { amountOf, BALANCE } from "../../stress/engine/ledger/index.ts";
import type { TestRun } from "../run/running.ts";
import type { FaultyPlan } from "./faulty-run.ts";
import { failed, outage, overdue, reorganised, replaced } from "./signs.ts";

/** A fault, the detectors that must notice it (and no other may), and what they must have found. */
export interface FaultCase extends FaultyPlan {
  readonly name: string;
  readonly fault: Fault["fault"];
  readonly detectors: readonly Detector[];
  check(run: TestRun): void;
}

const PATHS = ["deposits", "fast exits", "slow exits"] as const;
const CHAINS = [1, 2] as const;

const LESS = 10n ** 15n;
/** Under these a payout that is five seconds late is noticed. Milliseconds. */
const LATE = { slowAfter: 4500 };
const LATE_MS = 5000;

const ONLY_FAST = { 1: { FO: 95 }, 2: { FX: 95 } };
const ONLY_SLOW = { 1: { SO: 95 }, 2: { SX: 95 } };

/** The ids of messages that were hit are those of the crossings in this class, and no more. */
function sameMessages({ result }: TestRun, is: CrossingClass): void {
  const found = result.audit.exceptions.filter((one) => one.class === is);
  const hit = new Set(result.injected.map(({ message }) => message));
  expect(new Set(found.map(({ message }) => message))).toEqual(hit);
  expect(found).toHaveLength(hit.size);
}

/** What is unaccounted for on both chains is just what these crossings were paid too much or too little. */
function namedDifference({ result }: TestRun, is: CrossingClass): void {
  const { unaccounted, crossings } = result.ledger;
  for (const chain of CHAINS) {
    const named = crossings.filter((one) => one.paidOn === chain && one.class === is);
    expect(unaccounted[chain]).toBe(named.reduce((sum, { difference }) => sum + difference, 0n));
  }
  expect(crossings.every((one) => one.class === is && one.difference !== 0n)).toBe(true);
  expect(() => expect(result).toConserveFunds()).toThrow(is);
  expect(() => expect(result).toPayExactlyOnce()).toThrow(is);
}

/** Nothing is wrong with the money. */
export function allIsWell({ result }: TestRun): void {
  expect(result.ledger.unaccounted).toEqual({ 1: 0n, 2: 0n });
  expect(isConserved(result.ledger)).toBe(true);
  expect(result).toPayExactlyOnce();
  expect(result.failed).toEqual([]);
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
  expect(result.clean).toBe(true);
}

/**
 * A fault that is over in a moment, every three seconds at most: where a watcher that is slow to read misses one, it has the
 * next.
 */
export const again = <T extends object>(fault: T): (T & { after: string })[] =>
  Array.from({ length: 30 }, (_, at) => ({ ...fault, after: `${1 + 3 * at}s` }));

/** All that was seen was injected. A watcher may not have read the last blocks that were taken back: it takes back what it read. */
export function sawReorganisations({ result }: TestRun, chain: 1 | 2): void {
  const seen = result.chains[chain].reorganisations;
  const real = new Map(
    result.injected.map((one) => [one.chain === chain ? one.block : undefined, one.depth]),
  );
  expect(seen).not.toEqual([]);
  for (const { block, depth } of seen) expect(depth).toBeLessThanOrEqual(real.get(block) ?? 0);
  expect(Math.min(...seen.map(({ depth }) => depth))).toBeGreaterThan(0);
}

const dropped: FaultCase[] = PATHS.map((path) => ({
  name: `dropped ${path} are lost`,
  fault: "drop relay",
  faults: [{ fault: "drop relay", path, most: 1 }],
  neverArrives: true,
  detectors: ["lost"],
  check: (run) => {
    sameMessages(run, "lost");
    namedDifference(run, "lost");
  },
}));

const duplicated: FaultCase[] = PATHS.map((path) => ({
  name: `${path} that are relayed twice are doubled`,
  fault: "duplicate relay",
  faults: [{ fault: "duplicate relay", path, most: 2 }],
  detectors: ["doubled"],
  check: (run) => {
    sameMessages(run, "doubled");
    namedDifference(run, "doubled");
  },
}));

const delayed: FaultCase[] = PATHS.map((path) => ({
  name: `${path} that are held back are late`,
  fault: "delay relay",
  faults: [{ fault: "delay relay", path, by: "5s" }],
  limits: LATE,
  shares: path === "slow exits" ? ONLY_SLOW : ONLY_FAST,
  sign: overdue(LATE_MS),
  detectors: ["late"],
  check: allIsWell,
}));

const reordered: FaultCase[] = PATHS.map((path) => ({
  name: `${path} that are relayed in another order are out of order`,
  fault: "reorder relays",
  faults: [{ fault: "reorder relays", path }],
  shares: path === "slow exits" ? ONLY_SLOW : ONLY_FAST,
  detectors: ["out of order"],
  check: (run) => {
    allIsWell(run);
    expect(() => expect(run.result).toPayExactlyOnce({ outOfOrder: 0 })).toThrow("out of order");
  },
}));

const doctored: FaultCase[] = CHAINS.flatMap((chain): FaultCase[] => [
  {
    name: `a pool of L${chain} that pays less pays a wrong amount`,
    fault: "wrong amount",
    faults: [{ fault: "wrong amount", chain, less: String(LESS), most: 2 }],
    shares: ONLY_FAST,
    detectors: ["wrong amount"],
    check: (run) => {
      const { exceptions, counts } = run.result.audit;
      expect(counts["wrong amount"]).toBe(run.result.injected.length);
      // The pool's fee is the less as well: up to 5 % of what is missing.
      for (const { difference } of exceptions) {
        expect(difference).toBeLessThanOrEqual((-LESS * 90n) / 100n);
        expect(difference).toBeGreaterThanOrEqual(-LESS);
      }
      namedDifference(run, "wrong amount");
    },
  },
  {
    name: `a pool of L${chain} that pays somebody else pays a wrong recipient`,
    fault: "wrong recipient",
    faults: [{ fault: "wrong recipient", chain, most: 1 }],
    shares: ONLY_FAST,
    detectors: ["wrong recipient"],
    check: (run) => {
      expect(run.result.audit.counts["wrong recipient"]).toBe(1);
      namedDifference(run, "wrong recipient");
      expect(run.result.failed).toHaveLength(1);
    },
  },
  {
    name: `a pool of L${chain} that pays less than its event says is found by the books`,
    fault: "skim",
    faults: [{ fault: "skim", chain, wei: "12345", most: 2 }],
    shares: ONLY_FAST,
    detectors: ["books differ"],
    check: (run) => {
      const { result } = run;
      const books = result.ledger.chains[chain];
      const differences = books.kind === "reconciled" ? books.differences : [];
      const told = differences.map(({ account, amounts, between, transactions }) => ({
        account,
        balance: amountOf(amounts, BALANCE),
        block: between[1],
        transactions: transactions.length,
      }));
      const hit = result.injected.map(({ to, wei, block }) => ({ to, wei, block }));
      expect(
        told.map(({ account, balance, block }) => ({ to: account, wei: String(-balance), block })),
      ).toEqual(expect.arrayContaining(hit));
      expect(told.every(({ transactions }) => transactions > 0)).toBe(true);
      expect(told).toHaveLength(hit.length);
      expect(result.ledger.unaccounted[chain]).toBe(-12_345n * BigInt(hit.length));
      expect(result).toPayExactlyOnce();
      expect(() => expect(result).toConserveFunds()).toThrow(differences[0]?.account ?? "nobody");
    },
  },
  {
    name: `a drained pool of L${chain} settles back`,
    fault: "drain pool",
    // Often and shortly: a crossing that begins while it is empty takes the slow way.
    faults: Array.from({ length: 100 }, (_, at) => ({
      fault: "drain pool",
      chain,
      after: `${(1 + at) * 900}ms`,
      for: "400ms",
    })),
    shares: ONLY_FAST,
    sign: failed,
    detectors: ["settled back"],
    check: ({ result }) => {
      expect(result.failed.map(({ outcome }) => outcome)).toEqual(
        result.failed.map(() => ({ kind: "failed", reason: "settled back" })),
      );
      expect(result.audit.counts["settled back"]).toBe(result.failed.length);
      expect(result).toConserveFunds();
      expect(result).toPayExactlyOnce();
      expect(() => expect(result).toPayExactlyOnce({ settledBack: 0 })).toThrow("settled back");
    },
  },
]);

const stopped: FaultCase[] = (
  [
    ["sequencer", ONLY_FAST],
    ["batch submitter", ONLY_FAST],
    ["message relayer", ONLY_SLOW],
    ["fast relayer", ONLY_FAST],
    ["l1 blocks", ONLY_FAST],
    ["l2 blocks", ONLY_FAST],
  ] as const
).map(([service, shares]) => ({
  name: `the ${service} that stops for a while makes crossings late`,
  fault: "stop service",
  // Until one waits long enough.
  faults: [{ fault: "stop service", service, after: "1s" }],
  limits: LATE,
  shares,
  sign: overdue(LATE_MS),
  detectors: ["late"],
  check: (run) => {
    allIsWell(run);
    expect(() => expect(run.result).toPayExactlyOnce({ late: 0 })).toThrow("late");
  },
}));

const chains: FaultCase[] = CHAINS.flatMap((chain): FaultCase[] => [
  {
    name: `a base fee of L${chain} that leaps has what waits replaced`,
    fault: "base fee spike",
    faults: [{ fault: "base fee spike", chain, gwei: 40, after: "2s" }],
    // Many that pay have something waiting in each block: of few that cross together nothing may wait when it leaps.
    children: 30,
    shares: { 1: { PY: 70, FO: 10, SO: 10 }, 2: { PY: 70, FX: 10, SX: 10 } },
    sign: replaced,
    detectors: ["fee too low"],
    check: (run) => {
      allIsWell(run);
      expect(run.result.chains[chain].baseFee?.most).toBeGreaterThanOrEqual(40n * 10n ** 9n);
      expect(run.opLog).toMatch(/^# replaced=/m);
    },
  },
  {
    name: `an RPC server of L${chain} that is restarted is an outage`,
    fault: "restart rpc",
    faults: again({ fault: "restart rpc", chain } as const),
    sign: outage,
    detectors: ["outage"],
    check: (run) => {
      allIsWell(run);
      // One that was under way is reset, and the next one refused: the port may be open again by then.
      const { errors } = run.result.chains[chain].traffic;
      expect((errors["connection refused"] ?? 0) + (errors["connection reset"] ?? 0)).toBeGreaterThan(0);
    },
  },
  {
    name: `a reorganisation of L${chain} is noticed`,
    fault: "reorganisation",
    faults: again({ fault: "reorganisation", chain, depth: 3 } as const),
    sign: reorganised,
    detectors: ["reorganisation"],
    check: (run) => {
      allIsWell(run);
      sawReorganisations(run, chain);
    },
  },
]);

/** Every fault of the plan with its detectors, by the spec that shows them. */
export const CASES = {
  relays: [...dropped, ...duplicated, ...delayed, ...reordered],
  pools: doctored,
  services: stopped,
  chains,
} as const satisfies Record<string, readonly FaultCase[]>;
