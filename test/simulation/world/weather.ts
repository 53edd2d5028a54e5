import type { Dice } from "./dice.ts";
import { HAZARDS, type Hazard } from "./hazards.ts";
import { CLIENTS, type Client } from "./words.ts";

/** How a world goes wrong. */
export interface Weather {
  /** Part of all occasions on which each hazard strikes. */
  readonly parts: Readonly<Record<Hazard, number>>;
  /** Blocks that a node is behind at most. */
  readonly mostBehind: number;
  /** Blocks that a reorganisation takes back at most. */
  readonly mostDepth: number;
  /** Blocks that a relayer waits for before it acts on a message: more than any reorganisation takes back. */
  readonly relayAfter: number;
  /** Of a message, one way. Milliseconds. */
  readonly latency: readonly [least: number, most: number];
  /** Blocks come later by up to this part of their interval. */
  readonly jitter: number;
  readonly hasBlockReceipts: boolean;
  /** Whether nodes tell of what waits for its block. */
  readonly hasPending: boolean;
  /** Calls of a batch that endpoints take; undefined: any number. */
  readonly batchLimit: number | undefined;
  /** In whose words transactions are refused. */
  readonly client: Client;
  /** Awaits after which the run's process is killed, and those of the recoveries after it; undefined: never. */
  readonly killAfter: readonly (number | undefined)[];
  /** Bytes of logs that there is room for; undefined: enough. */
  readonly diskRoom: number | undefined;
}

const NONE = Object.fromEntries(HAZARDS.map((hazard) => [hazard, 0])) as Record<Hazard, number>;

/** A world in which nothing goes wrong. */
export const FAIR: Weather = {
  parts: NONE,
  mostBehind: 1,
  mostDepth: 1,
  relayAfter: 2,
  latency: [1, 5],
  jitter: 0,
  hasBlockReceipts: true,
  hasPending: true,
  batchLimit: undefined,
  client: "geth",
  killAfter: [],
  diskRoom: undefined,
};

/** How often a hazard is there at all, and the most that it strikes then. */
const DRAWN: Readonly<Record<Hazard, readonly [often: number, most: number]>> = {
  stale: [0.4, 0.4],
  emptyLogs: [0.3, 0.3],
  blind: [0.3, 0.3],
  emptyReceipts: [0.3, 0.3],
  bareReceipts: [0.2, 0.5],
  lostRequests: [0.4, 0.1],
  lostAnswers: [0.4, 0.1],
  late: [0.2, 0.005],
  busy: [0.3, 0.1],
  twice: [0.3, 0.5],
  refusals: [0.3, 0.2],
  forgotten: [0.2, 0.05],
  reorganisations: [0.4, 0.05],
  spikes: [0.3, 0.05],
  standstills: [0.15, 0.01],
  outages: [0.15, 0.01],
  failedRelays: [0.3, 0.2],
  refusedPayouts: [0.3, 0.2],
  falseGames: [0.3, 0.4],
  blacklistings: [0.3, 0.1],
  retirements: [0.2, 0.03],
  typeChanges: [0.2, 0.05],
  pauses: [0.2, 0.03],
};

/** Draws how bad it is: each thing is often not there at all, so that one can be told from another. */
export function drawWeather(dice: Dice): Weather {
  const parts = HAZARDS.map((hazard) => {
    const [often, most] = DRAWN[hazard];
    const own = dice.apart(hazard);
    return [hazard, own.chance(often) ? most * (0.1 + 0.9 * own.next()) : 0] as const;
  });
  const maybe = (part: number, least: number, most: number): number | undefined =>
    dice.chance(part) ? dice.between(least, most) : undefined;
  const mostDepth = dice.between(1, 6);
  return {
    parts: { ...NONE, ...Object.fromEntries(parts) },
    mostBehind: dice.between(1, 6),
    mostDepth,
    relayAfter: mostDepth + dice.between(1, 3),
    latency: [1, dice.between(2, 120)],
    jitter: dice.next(),
    hasBlockReceipts: dice.chance(0.5),
    hasPending: dice.chance(0.85),
    batchLimit: maybe(0.25, 1, 20),
    client: dice.pick(CLIENTS),
    killAfter: [maybe(0.25, 20, 6000), maybe(0.4, 20, 1500), maybe(0.3, 20, 1500)],
    diskRoom: maybe(0.1, 500, 20_000),
  };
}

/** What belongs to a weather beside its hazards, by the name it is chosen with. */
const CIRCUMSTANCES = {
  latency: ["latency"],
  jitter: ["jitter"],
  noBlockReceipts: ["hasBlockReceipts"],
  noPending: ["hasPending"],
  smallBatches: ["batchLimit"],
  words: ["client"],
  crashes: ["killAfter"],
  fullDisk: ["diskRoom"],
} as const satisfies Readonly<Record<string, readonly (keyof Weather)[]>>;

export type Trait = Hazard | keyof typeof CIRCUMSTANCES;

const circumstances = Object.entries(CIRCUMSTANCES) as [Trait, readonly (keyof Weather)[]][];

/** Everything that may be chosen of a weather. */
export const TRAITS: readonly Trait[] = [...HAZARDS, ...circumstances.map(([trait]) => trait)];

/** What of a weather is not fair. */
export const traitsOf = (weather: Weather): Trait[] => [
  ...HAZARDS.filter((hazard) => weather.parts[hazard] > 0),
  ...circumstances.filter(([, keys]) => keys.some((key) => differs(weather, key))).map(([trait]) => trait),
];

const differs = (weather: Weather, key: keyof Weather): boolean =>
  JSON.stringify(weather[key]) !== JSON.stringify(FAIR[key]);

/** A weather of which nothing is left but these. */
export function only(weather: Weather, kept: ReadonlySet<Trait>): Weather {
  const fair = circumstances
    .filter(([trait]) => !kept.has(trait))
    .flatMap(([, keys]) => keys.map((key) => [key, FAIR[key]] as const));
  const parts = HAZARDS.map((hazard) => [hazard, kept.has(hazard) ? weather.parts[hazard] : 0] as const);
  return { ...weather, ...Object.fromEntries(fair), parts: { ...NONE, ...Object.fromEntries(parts) } };
}
