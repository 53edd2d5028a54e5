import { Slowest } from "../slowest.ts";
import { lengthOf, type OperationPath } from "./operation-path.ts";

/** The slowest of each kind that are kept. */
const SLOWEST = 10;

/** And of those that were slowest to come to a phase. */
const SLOWEST_TO_PHASE = 3;

/** Operations that did not succeed and are kept with all that is known of them: the first ones, as what follows is often theirs. */
const MOST_FAILURES = 200;

/** One of the operations that took longest to come to a phase. */
export interface SlowOperation {
  readonly code: string;
  readonly phase: string;
  readonly child: number;
  /** Of its own transaction. */
  readonly hash: string | undefined;
  /** Milliseconds since its start. */
  readonly ms: number;
}

/** The operations that somebody will want to look at: the slowest ten of each kind, and those that did not succeed. */
export class KeptPaths {
  readonly #slowest = new Slowest<OperationPath>(SLOWEST, lengthOf);
  readonly #toPhase = new Slowest<SlowOperation>(SLOWEST_TO_PHASE, ({ ms }) => ms);
  readonly #failures: OperationPath[] = [];
  #failed = 0;

  take(path: OperationPath): void {
    if (path.outcome !== "succeeded") {
      this.#failed++;
      if (this.#failures.length < MOST_FAILURES) this.#failures.push(path);
      return;
    }
    const { code, child, phases, transactions } = path;
    this.#slowest.take(code, path);
    const hash = transactions.find(({ what }) => what === "own")?.hash;
    for (const [phase, ms] of phases)
      this.#toPhase.take(`${code} ${phase}`, { code, phase, child, hash, ms });
  }

  /** Of each code, slowest first. */
  slowest(): ReadonlyMap<string, readonly OperationPath[]> {
    return this.#slowest.all();
  }

  /** The three that took longest to come to each phase, of each code: the slowest first. */
  slowestToPhase(): readonly SlowOperation[] {
    return [...this.#toPhase.all().values()].flat();
  }

  /** The first ones that did not succeed, and how many more there were. */
  failures(): { readonly kept: readonly OperationPath[]; readonly more: number } {
    return { kept: this.#failures, more: this.#failed - this.#failures.length };
  }
}
