import type { LineHabits } from "./carrier.ts";
import type { Dice } from "./dice.ts";
import type { NodeHabits } from "./node.ts";

/** How a world goes wrong. Parts of all blocks, answers or messages. */
export interface Weather {
  readonly nodes: NodeHabits;
  readonly line: LineHabits;
  /** Blocks come later by up to this part of their interval. */
  readonly jitter: number;
  readonly reorganisation: number;
  /** Blocks that a reorganisation takes back at most. */
  readonly mostDepth: number;
  readonly spike: number;
  /** Messages over the wire after which the process is killed; undefined: never. */
  readonly killAfter: number | undefined;
}

/** Draws how bad it is: each thing is often not there at all, so that one can be told from another. */
export function drawWeather(dice: Dice): Weather {
  const sometimes = (part: number, most: number): number => (dice.chance(part) ? most * dice.next() : 0);
  const weather = {
    nodes: {
      stale: sometimes(0.4, 0.4),
      mostBehind: dice.between(1, 6),
      unready: sometimes(0.4, 0.3),
      hasBlockReceipts: dice.chance(0.5),
      blind: 0,
    },
    line: {
      latency: [1, dice.between(2, 120)],
      lostRequest: sometimes(0.4, 0.1),
      lostAnswer: sometimes(0.4, 0.1),
      late: sometimes(0.2, 0.005),
      busy: sometimes(0.3, 0.1),
      twice: sometimes(0.3, 0.5),
    },
    jitter: dice.next(),
    reorganisation: sometimes(0.4, 0.05),
    mostDepth: dice.between(1, 6),
    spike: sometimes(0.3, 0.05),
    killAfter: dice.chance(0.3) ? dice.between(20, 600) : undefined,
  } satisfies Weather;
  return { ...weather, nodes: { ...weather.nodes, blind: sometimes(0.3, 0.3) } };
}

/** A world in which nothing goes wrong. */
export const FAIR: Weather = {
  nodes: { stale: 0, mostBehind: 1, unready: 0, hasBlockReceipts: true, blind: 0 },
  line: { latency: [1, 5], lostRequest: 0, lostAnswer: 0, late: 0, busy: 0, twice: 0 },
  jitter: 0,
  reorganisation: 0,
  mostDepth: 1,
  spike: 0,
  killAfter: undefined,
};
