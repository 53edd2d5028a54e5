import { operationOf, operationsOn } from "../../protocols/ovm2/operations.ts";
import { isCrossing, type Net, type Operation } from "../../protocols/operation.ts";
import { otherChain, type PerChain } from "../base/chain.ts";
import type { Child } from "./child.ts";
import { type Draws, drawsOf } from "../base/random.ts";

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
  readonly #shares: Shares;
  readonly #seed: number;
  readonly #net: Net;

  constructor(shares: Shares, seed: number, net: Net) {
    this.#shares = shares;
    this.#seed = seed;
    this.#net = net;
  }

  choose(child: Child): Choice {
    if (!settleOnChain(child, this.#net.minimumBalance)) return { kind: "too poor" };
    const draws = drawsOf(this.#seed, child.number, child.turn);
    const refusals: Refusal[] = [];
    for (const operation of operationsOn(child.on)) {
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
    // A payment is what is left, unless the shares name it.
    const share = this.#shares[child.on][code] ?? (code === "PY" ? 100 : 0);
    return draws(code) * 100 < share;
  }

  /** The operation, or the one that stands in for it where it refuses; undefined where both do. */
  #accepted(operation: Operation, child: Child, refusals: Refusal[]): Operation | undefined {
    const reason = operation.ready(child, this.#net);
    if (reason === undefined) return operation;
    refusals.push({ code: operation.code, reason });
    if (!isCrossing(operation) || operation.fallback === undefined) return undefined;
    const fallback = operationOf(operation.fallback);
    return fallback.ready(child, this.#net) === undefined ? fallback : undefined;
  }
}
