import { CHAINS, type Chain, type Clock, describeEnd, type Source } from "../engine/base/index.ts";
import type { EngineEvent } from "../engine/events.ts";
import { clipped, LOG_WIDTH, stamped } from "./fitted.ts";
import type { LookOn } from "./onlooker.ts";

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
  const tell = (what: string): void => print(lineAt(clock.now(), what));
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

/**
 * The same, for who looks on at a run. In a step of GitHub's what is printed until the report is one group, which the step's page
 * shows folded.
 */
export const eventLines =
  (print: (line: string) => void, env: NodeJS.ProcessEnv = process.env): LookOn =>
  ({ engine, run, target }) => {
    const end = tellEvents(engine, print);
    const endGroup = openGroup(`${run.plan.scenario} on ${target}, while it runs`, print, env);
    return {
      phase: (phase) =>
        print(lineAt(engine.clock.now(), `phase ${phase}, ${run.performed} operations until now`)),
      audited: endGroup,
      ended: async () => {
        end();
        endGroup();
      },
    };
  };

/** Begins a group of lines, where GitHub's runner reads them; the returned function ends it, once. */
export function openGroup(title: string, print: (line: string) => void, env: NodeJS.ProcessEnv): () => void {
  let isOpen = env["GITHUB_ACTIONS"] === "true";
  if (isOpen) print(`::group::${oneLine(title)}`);
  return () => {
    if (isOpen) print("::endgroup::");
    isOpen = false;
  };
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

const lineAt = (at: number, what: string): string => clipped(stamped(at, oneLine(what)), LOG_WIDTH);
