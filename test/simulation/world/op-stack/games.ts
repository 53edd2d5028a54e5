import { gameAddress, gameIndex } from "./contracts.ts";

/** `GameStatus` */
export const [IN_PROGRESS, CHALLENGER_WINS, DEFENDER_WINS] = [0, 1, 2] as const;

/** How long a game runs, a proof matures, and a resolved game waits. Seconds. */
export const [CLOCK_S, MATURITY_S, FINALITY_S] = [3, 4, 2] as const;

/** A dispute game. Times in Unix seconds. */
export interface SimGame {
  readonly type: number;
  readonly createdAt: number;
  /** The L2 block that it is about, and what it claims of that. */
  readonly block: number;
  readonly root: string;
  readonly isTrue: boolean;
  readonly wasRespected: boolean;
  readonly status: number;
  readonly resolvedAt: number;
  readonly isBlacklisted: boolean;
}

/** The factory's games, and what the registry of anchor states says of them. They change only by others in their place. */
export class SimGames {
  readonly all: SimGame[];
  respectedType: number;
  /** Games made until then are retired. Unix seconds. */
  retiredTo: number;
  retirements: number;
  /** Until when the portal is paused. Unix seconds. */
  pausedTo: number;

  constructor(from?: SimGames) {
    this.all = [...(from?.all ?? [])];
    this.respectedType = from?.respectedType ?? 0;
    this.retiredTo = from?.retiredTo ?? 0;
    this.retirements = from?.retirements ?? 0;
    this.pausedTo = from?.pausedTo ?? 0;
  }

  at(address: string): SimGame | undefined {
    return this.all[gameIndex(address)];
  }

  change(index: number, change: Partial<SimGame>): void {
    const game = this.all[index];
    if (game !== undefined) this.all[index] = { ...game, ...change };
  }

  addressOf(game: SimGame): string {
    return gameAddress(this.all.indexOf(game));
  }

  isPaused(now: number): boolean {
    return now < this.pausedTo;
  }

  /** `AnchorStateRegistry.isGameProper`: whether nothing is known against it. */
  isProper({ isBlacklisted, createdAt }: SimGame, now: number): boolean {
    return !isBlacklisted && createdAt > this.retiredTo && !this.isPaused(now);
  }

  /** `AnchorStateRegistry.isGameClaimValid` */
  isValid(game: SimGame, now: number): boolean {
    const { wasRespected, status, resolvedAt } = game;
    return (
      this.isProper(game, now) && wasRespected && status === DEFENDER_WINS && now > resolvedAt + FINALITY_S
    );
  }
}
