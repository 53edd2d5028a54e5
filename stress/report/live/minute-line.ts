import { every } from "../../engine/base/index.ts";
import { fitted, stamped } from "../fitted.ts";
import type { LookOn } from "../onlooker.ts";
import { counted, plural, took } from "../page/words.ts";
import { LiveFigures } from "./live-figures.ts";
import type { LiveSnapshot } from "./snapshot.ts";
import { farOf, pace } from "./snapshot-lines.ts";

/** Whoever reads a log wants to know that a run goes on, and no more. Milliseconds. */
const EVERY_MS = 60_000;

/** Prints how a run goes, once a minute with the time, where nobody watches it live. */
export const minuteLines =
  (print: (line: string) => void): LookOn =>
  (observed) => {
    const say = (line: string): void => {
      for (const one of fitted(stamped(observed.engine.clock.now(), line))) print(one);
    };
    const figures = new LiveFigures(observed, EVERY_MS / 2);
    const end = every(
      observed.engine.clock,
      EVERY_MS,
      () => say(minuteLine(figures.snapshot())),
      () => undefined,
    );
    return {
      phase: (phase) => figures.phase(phase),
      audited: (audit) => figures.audited(audit),
      ended: async () => {
        end();
        await figures.ended();
      },
    };
  };

/** A run in one line. */
export function minuteLine(snapshot: LiveSnapshot): string {
  const { phase, progress, performed, rate, failed, open, found, slowest } = snapshot;
  const far = farOf(progress);
  const [oldest] = slowest;
  const slow = oldest === undefined ? "" : `, oldest ${oldest.code} ${took(oldest.age)}`;
  const noticed = found.length === 0 ? "" : `; found ${found.join(", ")}`;
  return (
    `${phase}${far === undefined ? "" : ` ${far}`}: ${plural(performed, "operation")}, ${pace(rate)}, ${counted(failed)} failed, ` +
    `${counted(open)} open${slow}${noticed}`
  );
}
