import { CHAINS } from "./chain.ts";
import type { Child, OpenOperation } from "./child.ts";
import type { Connection } from "./connection.ts";
import type { Run } from "./run.ts";

/** An operation under way. */
export interface UnderWay {
  readonly child: Child;
  readonly open: OpenOperation;
  /** Milliseconds since its start. */
  readonly age: number;
}

const CHECK_EVERY_MS = 250;

/** An endpoint that does not answer for this long ends the run. Milliseconds. */
const ENDPOINT_PATIENCE_MS = 60_000;

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

/** Watches over a run's limits: operations that are stuck, an end that takes too long, endpoints that are dead. */
export function supervise(run: Run, connection: Connection): () => void {
  const { stuckAfter, giveUpAfter } = run.plan.limits;
  const check = (): void => {
    const now = connection.clock.now();
    const [oldest] = underWay(run, now);
    if (oldest !== undefined && oldest.age > stuckAfter) {
      const [child, seconds] = [oldest.child.number, Math.round(oldest.age / 1000)];
      run.stop.raise(1, { kind: "stuck", child, code: oldest.open.code, seconds });
    }
    if (run.stop.level >= 1 && oldest !== undefined && oldest.age > giveUpAfter) {
      run.stop.raise(2, {
        kind: "stuck",
        child: oldest.child.number,
        code: oldest.open.code,
        seconds: giveUpAfter / 1000,
      });
    }
    for (const chain of CHAINS) {
      const since = connection.watchers[chain].failingSince;
      if (since === undefined || now - since < ENDPOINT_PATIENCE_MS) continue;
      const seconds = Math.round((now - since) / 1000);
      run.stop.raise(2, { kind: "endpoint", chain, endpoint: connection.rpcs[chain].name, seconds });
    }
  };
  const timer = setInterval(check, CHECK_EVERY_MS);
  return () => clearInterval(timer);
}
