import { CHAINS, every } from "../base/index.ts";
import type { UnderWay } from "./census.ts";
import { SecondLook } from "./second-look.ts";
import type { Engine } from "./engine.ts";
import type { Run } from "./run.ts";

const CHECK_EVERY_MS = 100;

/** Where nothing was dispatched for this long beyond its interval and nothing is under way, nothing will be. Milliseconds. */
const AT_REST_MS = 10_000;

/** Watches over a run's limits; the returned function ends it. A mistake of its own ends the run, as any other does. */
export function supervise(
  run: Run,
  engine: Pick<Engine, "clock" | "watchers" | "nodes" | "inquiries">,
): () => void {
  const { slowAfter, stuckAfter, giveUpAfter } = run.plan.limits;
  const secondLook = new SecondLook(engine.inquiries, {
    slowAfter,
    stuckAfter: Math.min(stuckAfter, giveUpAfter),
  });
  const check = (): void => {
    const now = engine.clock.now();
    checkTime(run, now);
    checkOldest(run, now, secondLook);
    checkEndpoints(run, engine);
  };
  return every(engine.clock, CHECK_EVERY_MS, check, (error) => run.fail(error));
}

function checkTime({ stop, plan, load, loadedAt, dispatchedAt, lanes, census }: Run, now: number): void {
  if (loadedAt === undefined) return;
  if (now - loadedAt >= plan.duration) stop.raise(1, { kind: "duration" });
  if (plan.drive !== undefined) return;
  // An unfunded child does not count: its initial funding failed.
  const isPoor = census.count("idle") + census.count("unfunded") === lanes.length;
  // A schedule may have nothing due for long.
  const restsSince = load.restsSince(dispatchedAt) ?? now;
  const isAtRest = census.count("busy") === 0 && now - restsSince > AT_REST_MS + 2 * plan.dispatchInterval;
  if (isPoor || isAtRest) stop.raise(1, { kind: "all idle" });
}

function checkOldest(run: Run, now: number, secondLook: SecondLook): void {
  const { slowAfter, stuckAfter, giveUpAfter } = run.plan.limits;
  const waiting = olderThan(Math.min(slowAfter, stuckAfter, giveUpAfter), run.census.underWay(now));
  secondLook.check(waiting, (error) => run.fail(error));
  const oldest = waiting.find((one) => secondLook.isThrough(one));
  if (oldest === undefined || oldest.age <= Math.min(stuckAfter, giveUpAfter)) return;
  const { child, open, age } = oldest;
  const reason = {
    kind: "stuck",
    child: child.number,
    code: open.code,
    seconds: Math.round(age / 1000),
  } as const;
  if (age > stuckAfter) run.stop.raise(1, reason);
  if (run.stop.level >= 1 && age > giveUpAfter) run.stop.raise(2, reason);
}

/** Those that nothing is to be done about yet are not looked at: they are most. @param ms milliseconds */
function olderThan(ms: number, oldestFirst: Iterable<UnderWay>): UnderWay[] {
  const older: UnderWay[] = [];
  for (const one of oldestFirst) {
    if (one.age <= ms) break;
    older.push(one);
  }
  return older;
}

/** A dead endpoint ends the run: what is not waited for any more comes back with `npm run recover`. */
function checkEndpoints({ stop }: Run, { watchers, nodes }: Pick<Engine, "watchers" | "nodes">): void {
  for (const chain of CHAINS) {
    const endpoint = nodes[chain].names.join(" and ");
    if (watchers[chain].isAnotherChain) stop.raise(2, { kind: "other chain", chain, endpoint });
    const silent = watchers[chain].health.deadFor;
    if (silent === undefined) continue;
    const seconds = Math.round(silent / 1000);
    stop.raise(2, { kind: "endpoint", chain, endpoint, seconds });
  }
}
