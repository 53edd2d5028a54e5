import { type Chain, type Clock, type PerChain, perChain } from "../base/index.ts";
import { estimateGas } from "./estimate-gas.ts";
import type { TransactionPlan } from "./plan.ts";
import type { SubmitterChain } from "./submitter-chain.ts";

/** Blocks for which an estimate holds for others' calls of its shape. */
const HOLDS_BLOCKS = 30;

interface Known {
  readonly gas: Promise<bigint>;
  /** The head when it was asked for. */
  readonly since: number;
}

/** A call's contract, method and length. */
const shapeOf = ({ to, data }: TransactionPlan): string => `${to} ${data.slice(0, 10)} ${data.length}`;

/**
 * What calls take, by their shape: a node has to execute each call that it estimates, and of thousands that differ in nothing but who sends
 * how much, one in a while is enough. What accounts differ by is in the room that every call has beyond its estimate.
 */
export class Estimates {
  readonly #chains: PerChain<Pick<SubmitterChain, "node" | "watcher">>;
  readonly #clock: Clock;
  readonly #known = perChain(() => new Map<string, Known>());

  constructor(chains: PerChain<Pick<SubmitterChain, "node" | "watcher">>, clock: Clock) {
    this.#chains = chains;
    this.#clock = clock;
  }

  /** Gas of a call. @throws {NotSubmitted} where this very call cannot be done, or no node tells */
  async of(
    chain: Chain,
    from: string,
    plan: TransactionPlan,
    signal: AbortSignal | undefined,
  ): Promise<bigint> {
    const ask = (): Promise<bigint> => estimateGas(this.#chains[chain], this.#clock, from, plan, signal);
    if (plan.isSteady !== true) return ask();
    const here = this.#known[chain];
    const shape = shapeOf(plan);
    const { number } = this.#chains[chain].watcher.head;
    const known = here.get(shape);
    if (known !== undefined && number < known.since + HOLDS_BLOCKS) {
      try {
        return await known.gas;
      } catch {
        // Why another's cannot be done is none of this one's business.
        return ask();
      }
    }
    const asked = { gas: ask(), since: number };
    here.set(shape, asked);
    try {
      return await asked.gas;
    } catch (error) {
      if (here.get(shape) === asked) here.delete(shape);
      throw error;
    }
  }

  /** A call of this shape reverted: the next one is estimated anew. */
  forget(chain: Chain, plan: TransactionPlan): void {
    this.#known[chain].delete(shapeOf(plan));
  }
}
