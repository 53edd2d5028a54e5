import { lengthOf, type OperationPath } from "./operation-path.ts";

/** The slowest of each kind that are kept. */
const SLOWEST = 10;

/** Operations that did not succeed and are kept with all that is known of them: the first ones, as what follows is often theirs. */
const MOST_FAILURES = 200;

/** The operations that somebody will want to look at: the slowest ten of each kind, and those that did not succeed. */
export class KeptPaths {
  readonly #slowest = new Map<string, OperationPath[]>();
  readonly #failures: OperationPath[] = [];
  #failed = 0;

  take(path: OperationPath): void {
    if (path.outcome !== "succeeded") {
      this.#failed++;
      if (this.#failures.length < MOST_FAILURES) this.#failures.push(path);
      return;
    }
    const kept = this.#slowest.get(path.code) ?? [];
    this.#slowest.set(path.code, kept);
    const last = kept[SLOWEST - 1];
    if (last !== undefined && lengthOf(last) >= lengthOf(path)) return;
    const place = kept.findIndex((one) => lengthOf(one) < lengthOf(path));
    kept.splice(place === -1 ? kept.length : place, 0, path);
    kept.splice(SLOWEST);
  }

  /** Of each code, slowest first. */
  slowest(): ReadonlyMap<string, readonly OperationPath[]> {
    return new Map([...this.#slowest].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** The first ones that did not succeed, and how many more there were. */
  failures(): { readonly kept: readonly OperationPath[]; readonly more: number } {
    return { kept: this.#failures, more: this.#failed - this.#failures.length };
  }
}
