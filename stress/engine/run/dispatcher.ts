import { type Draws, drawsOf, otherChain, type PerChain, perChain } from "../base/index.ts";
import type { Operation, RunView } from "../../protocols/operation.ts";
import type { Child } from "./child.ts";

/** An operation that a child was to perform and could not. */
export interface Refusal {
  readonly code: string;
  readonly reason: string;
}

/** What a child does next. */
export type Choice =
  | {
      readonly kind: "operation";
      readonly operation: Operation;
      readonly draws: Draws;
      /** What was refused on the way to this operation. */
      readonly refusals: readonly Refusal[];
    }
  /** It has money, and nothing that it may do with it at this moment. */
  | { readonly kind: "nothing now" }
  /** It is below the minimum balance on both chains. */
  | { readonly kind: "too poor" };

/** Percentages by operation code, for each chain. */
export type Shares = PerChain<Readonly<Record<string, number>>>;

/** Puts a child on the chain it has money on; false where it has too little on both. */
export function settleOnChain(child: Child, minimumBalance: bigint): boolean {
  if (child.balance(child.on) >= minimumBalance) return true;
  const other = otherChain(child.on);
  if (child.balance(other) < minimumBalance) return false;
  child.on = other;
  return true;
}

/**
 * Picks operations. The shares of the child's chain are rolled one after the other, in the registry's order; the first
 * that hits wins, and where none does it is a payment (as in the predecessor).
 */
export class Dispatcher {
  readonly #operations: PerChain<readonly Operation[]>;
  readonly #shares: Shares;
  readonly #seed: number;
  readonly #run: RunView;

  /** @param operations all that children can do, in the order in which they are rolled for */
  constructor(operations: readonly Operation[], shares: Shares, seed: number, run: RunView) {
    this.#operations = perChain((chain) =>
      operations.filter(({ from }) => from === "either" || from === chain),
    );
    this.#shares = shares;
    this.#seed = seed;
    this.#run = run;
  }

  choose(child: Child): Choice {
    if (!settleOnChain(child, this.#run.minimumBalance)) return { kind: "too poor" };
    const draws = drawsOf(this.#seed, child.number, child.turn);
    const refusals: Refusal[] = [];
    for (const operation of this.#operations[child.on]) {
      if (!this.#hits(operation, child, draws)) continue;
      const chosen = this.#accepted(operation, child, refusals);
      if (chosen === undefined) continue;
      child.turn++;
      return { kind: "operation", operation: chosen, draws, refusals };
    }
    // A refusal is a matter of the moment: the choice stands, and is tried again. Where no share hit, the next one comes.
    if (refusals.length === 0) child.turn++;
    return { kind: "nothing now" };
  }

  #hits(operation: Operation, child: Child, draws: Draws): boolean {
    const { code } = operation;
    if (operation.applies?.(child) === false) return false;
    // What is left over is the rest's, unless the shares name it.
    const share = this.#shares[child.on][code] ?? (operation.share === "rest" ? 100 : 0);
    return draws(code) * 100 < share;
  }

  /** The operation, or the one that stands in for it where it refuses; undefined where both do. */
  #accepted(operation: Operation, child: Child, refusals: Refusal[]): Operation | undefined {
    const reason = operation.ready(child, this.#run);
    if (reason === undefined) return operation;
    refusals.push({ code: operation.code, reason });
    const { fallback } = operation;
    const other = this.#operations[child.on].find(({ code }) => code === fallback);
    return other?.ready(child, this.#run) === undefined ? other : undefined;
  }
}
