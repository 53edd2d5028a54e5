import type { Tries } from "./l2-state.ts";
import { SimGames } from "./games.ts";
import { type Fate, OpState } from "./state.ts";

/** What the portal keeps of a proof. */
export interface Proof {
  readonly game: string;
  /** Unix seconds. */
  readonly at: number;
}

/** What L1 has in the state of one block. */
export abstract class L1State extends OpState {
  readonly tries: Tries;
  readonly games: SimGames;
  /** By withdrawal and sender. */
  readonly proven: Map<string, Proof>;
  readonly finalised: Set<string>;
  /** Deposits through the portal alone. */
  portalDeposits: number;
  /** Unix seconds of the block that it is the state of: what its contracts see as now. */
  now: number;

  constructor(fate: Fate, tries: Tries, from?: L1State) {
    super(1, fate, from);
    this.tries = tries;
    this.games = new SimGames(from?.games);
    this.proven = new Map(from?.proven);
    this.finalised = new Set(from?.finalised);
    this.portalDeposits = from?.portalDeposits ?? 0;
    this.now = from?.now ?? 0;
  }
}
