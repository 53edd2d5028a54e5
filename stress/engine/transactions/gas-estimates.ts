import type { Chain, Clock, PerChain } from "../base/index.ts";
import { isTransient } from "../rpc/index.ts";
import { estimateGas } from "./estimate-gas.ts";
import type { TransactionPlan } from "./plan.ts";
import { NotSubmitted } from "./sent-transaction.ts";
import type { SubmitterChain } from "./submitter-chain.ts";

/** Calls that are alike are estimated this often before the most that one of them takes holds for the others. */
const SAMPLES = 8;

/** So many are waited for; those after them need not be: one that hangs must hold nobody up. */
const WAITED_FOR = 4;

/** Blocks of its chain that it holds for, before one more is estimated. */
const HOLDS_FOR_BLOCKS = 50;

/** What the estimates of calls that are alike came to. */
interface Known {
  most: bigint;
  samples: number;
  /** The block that was the newest when the last of them was asked for. */
  askedAt: number;
  /** Samples that are being asked for. */
  asking: number;
  /** Resolved when one of these is there, or has failed. */
  changed: PromiseWithResolvers<void>;
}

const nothingKnown = (): Known => ({
  most: 0n,
  samples: 0,
  askedAt: 0,
  asking: 0,
  changed: Promise.withResolvers(),
});

/**
 * Gas of contract calls. It is estimated for each of them, but for those that are alike (`TransactionPlan.alike`): one in many of these
 * is estimated, and the most that any of them takes holds for all. What gas is left over is not paid for.
 */
export class GasEstimates {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(chains: PerChain<SubmitterChain>, clock: Clock) {
    this.#chains = chains;
    this.#clock = clock;
  }

  /** @throws {NotSubmitted} where it cannot be done, or no node tells and nothing is known */
  async of(
    chain: Chain,
    from: string,
    plan: TransactionPlan,
    signal: AbortSignal | undefined,
  ): Promise<bigint> {
    if (plan.gas !== undefined) return plan.gas;
    const ask = (): Promise<bigint> => estimateGas(this.#chains[chain], this.#clock, from, plan, signal);
    if (plan.alike !== true) return ask();
    const kind = kindOf(chain, plan);
    let known = this.#of(kind);
    // A thousand children begin at once: were all of them to ask, a node would be busy with that alone for half a minute.
    while (known.samples < SAMPLES) {
      if (known.samples + known.asking < SAMPLES) return this.#sample(chain, kind, known, ask);
      if (known.samples >= WAITED_FOR) return known.most;
      await known.changed.promise;
      known = this.#of(kind);
    }
    const block = this.#newest(chain);
    if (block - known.askedAt < HOLDS_FOR_BLOCKS) return known.most;
    // Whoever comes while this one is asked for goes by what is known.
    known.askedAt = block;
    try {
      return this.#sampled(kind, block, await ask());
    } catch (error) {
      if (error instanceof NotSubmitted && isTransient(error.failure)) return known.most;
      throw error;
    }
  }

  /** A call failed: those that are like it are estimated anew. */
  forget(chain: Chain, plan: TransactionPlan): void {
    this.#known.delete(kindOf(chain, plan));
  }

  #newest(chain: Chain): number {
    return this.#chains[chain].watcher.head.number;
  }

  #of(kind: string): Known {
    const known = this.#known.get(kind) ?? nothingKnown();
    this.#known.set(kind, known);
    return known;
  }

  /** One of the first. Who waits for these goes on, or asks for itself where this fails. */
  async #sample(chain: Chain, kind: string, known: Known, ask: () => Promise<bigint>): Promise<bigint> {
    const block = this.#newest(chain);
    known.asking++;
    try {
      return this.#sampled(kind, block, await ask());
    } finally {
      known.asking--;
      known.changed.resolve();
      known.changed = Promise.withResolvers();
    }
  }

  #sampled(kind: string, askedAt: number, gas: bigint): bigint {
    const known = this.#of(kind);
    if (gas > known.most) known.most = gas;
    known.samples++;
    known.askedAt = askedAt;
    return known.most;
  }
}

/** Calls of one function of a contract, with as much data, that both bring ETH or bring none. */
const kindOf = (chain: Chain, { to, data, value }: TransactionPlan): string =>
  `${chain}:${to}:${data.slice(0, 10)}:${data.length}:${value > 0n}`;
