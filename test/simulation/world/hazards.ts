import type { Dice } from "./dice.ts";

/** What may go wrong again and again: each time it does is a strike, and has a number. */
export const HAZARDS = [
  /** An answer of another node, which is some blocks behind, and has not heard yet what was sent lately. */
  "stale",
  /** Events of a block are not there yet: none are answered. */
  "emptyLogs",
  /** A block that is told without its events for good, and with nothing in it that contradicts that. */
  "blind",
  /** Receipts of a block are not there yet: none, or an empty list. */
  "emptyReceipts",
  /** Receipts without price, or without their block. */
  "bareReceipts",
  /** A request never comes to the node. */
  "lostRequests",
  /** The node does what it was asked, and nobody hears of it. */
  "lostAnswers",
  /** A message that takes as long as a client waits at most. */
  "late",
  /** A call that is refused by a limit, or as a node is not ready, in one of the words for it. */
  "busy",
  /** A gateway sends a transaction twice, and passes the second answer on. */
  "twice",
  /** A transaction is refused without a reason, whether it was taken or not. */
  "refusals",
  /** A node forgets a transaction that waits. */
  "forgotten",
  /** Blocks are replaced by others. */
  "reorganisations",
  /** The base fee rises many times over. */
  "spikes",
  /** No block comes for a while. */
  "standstills",
  /** An endpoint is silent for a while. */
  "outages",
  // Of an OP Stack rollup alone:
  /** A message fails when it is carried out first: the messenger keeps its money until somebody has it done again. */
  "failedRelays",
  /** The fast bridge cannot pay somebody at once, and tries again. */
  "refusedPayouts",
  /** A game claims what is not so: its challenger wins. */
  "falseGames",
  /** A game is blacklisted. */
  "blacklistings",
  /** All games that there are are retired. */
  "retirements",
  /** Games of another type are respected from now on. */
  "typeChanges",
  /** The portal is paused for a while. */
  "pauses",
] as const;

export type Hazard = (typeof HAZARDS)[number];

/** Strikes that happen, by their numbers; all of them where none are named. */
export type Chosen = ReadonlyMap<Hazard, ReadonlySet<number> | undefined>;

/**
 * Decides each time whether something goes wrong. Every hazard has dice of its own, and every strike has, too: where some are
 * left out, the others stay what they were.
 */
export class Hazards {
  readonly #parts: Readonly<Record<Hazard, number>>;
  readonly #dice: ReadonlyMap<Hazard, Dice>;
  readonly #chosen: Chosen | undefined;
  readonly #strikes = new Map<Hazard, number>();

  /**
   * @param parts of all occasions on which each of them strikes
   * @param chosen the strikes that happen, of those that are drawn
   */
  constructor(parts: Readonly<Record<Hazard, number>>, dice: Dice, chosen?: Chosen) {
    this.#parts = parts;
    this.#dice = new Map(HAZARDS.map((hazard) => [hazard, dice.apart(hazard)]));
    this.#chosen = chosen;
  }

  /** Dice for how bad it gets, where it goes wrong this time. */
  strike(hazard: Hazard): Dice | undefined {
    const dice = this.#dice.get(hazard);
    if (dice === undefined || !dice.chance(this.#parts[hazard])) return undefined;
    const number = this.#strikes.get(hazard) ?? 0;
    this.#strikes.set(hazard, number + 1);
    const named = this.#chosen?.get(hazard);
    return named === undefined || named.has(number) ? dice.apart(`strike ${number}`) : undefined;
  }

  /** How often each struck, or would have. */
  get strikes(): ReadonlyMap<Hazard, number> {
    return this.#strikes;
  }
}
