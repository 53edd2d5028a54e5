import { CHAINS, type Chain, type Clock, describeEnd, type Source } from "../engine/base/index.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { LookOn } from "./onlooker.ts";

/** Characters that a line has at most: the width of the logs of CI systems. */
const WIDEST = 120;

/** An endpoint that answers every other question is not told each time. Milliseconds. */
const OUTAGE_AGAIN_MS = 60_000;

/** Where events come from, and what time it is. */
export interface EventParts {
  readonly stream: Source<EngineEvent>;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Prints a line with its time (UTC) for each event of a run that matters to whoever watches: reorganisations, endpoints that stop
 * answering (each chain's once a minute at most), and levels of its stop. The returned function ends it.
 */
export function tellEvents({ stream, clock }: EventParts, print: (line: string) => void): () => void {
  const toldAt = new Map<Chain, number>(CHAINS.map((chain) => [chain, Number.NEGATIVE_INFINITY]));
  const tell = (what: string): void => print(stamped(clock.now(), what));
  return stream.subscribe("report", {
    reorganisation: ({ chain, commonBlock, depth }) =>
      tell(`L${chain}: a reorganisation of ${depth} blocks, from block ${commonBlock + 1} on`),
    outage: ({ chain }) => {
      const now = clock.now();
      if (now - (toldAt.get(chain) ?? Number.NEGATIVE_INFINITY) < OUTAGE_AGAIN_MS) return;
      toldAt.set(chain, now);
      tell(`L${chain}: its endpoint does not answer; it is asked again`);
    },
    stop: ({ level, reason }) => tell(`stop level ${level}: ${describeEnd(reason)}`),
  });
}

/** The same, for who looks on at a run. */
export const eventLines =
  (print: (line: string) => void): LookOn =>
  ({ engine }) => {
    const end = tellEvents(engine, print);
    return {
      ended: async () => {
        end();
      },
    };
  };

/** One line, cut where it is too long. */
function stamped(at: number, what: string): string {
  const line = `${new Date(at).toISOString().slice(11, 19)} ${what.replaceAll(/\s+/g, " ")}`;
  return line.length <= WIDEST ? line : `${line.slice(0, WIDEST - 1)}…`;
}
