import { CHAINS, every } from "../base/index.ts";
import type { Child, OpenOperation } from "./child.ts";
import { SecondLook } from "./second-look.ts";
import type { Engine } from "./engine.ts";
import type { Run } from "./run.ts";

/** An operation under way. */
export interface UnderWay {
  readonly child: Child;
  readonly open: OpenOperation;
  /** Milliseconds since its start. */
  readonly age: number;
}

const CHECK_EVERY_MS = 100;

/** Where nothing was dispatched for this long beyond its interval and nothing is under way, nothing will be. Milliseconds. */
const AT_REST_MS = 10_000;

/** Operations under way, oldest first. */
export function underWay(run: Run, now: number): UnderWay[] {
  return run.children
    .flatMap((child) =>
      child.phase.at === "busy"
        ? [{ child, open: child.phase.open, age: now - child.phase.open.startedAt }]
        : [],
    )
    .sort((a, b) => b.age - a.age);
}

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

function checkTime({ stop, plan, loadedAt, dispatchedAt, children }: Run, now: number): void {
  if (loadedAt === undefined) return;
  if (now - loadedAt >= plan.duration) stop.raise(1, { kind: "duration" });
  if (plan.drive !== undefined) return;
  // An unfunded child does not count: its initial funding failed.
  const phases = children.map(({ phase }) => phase.at);
  const isPoor = phases.every((at) => at === "idle" || at === "unfunded");
  const isAtRest = !phases.includes("busy") && now - dispatchedAt > AT_REST_MS + 2 * plan.dispatchInterval;
  if (isPoor || isAtRest) stop.raise(1, { kind: "all idle" });
}

function checkOldest(run: Run, now: number, secondLook: SecondLook): void {
  const { stuckAfter, giveUpAfter } = run.plan.limits;
  const waiting = underWay(run, now);
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
