import type { TxHash } from "../engine/rpc/index.ts";

/** One of the operations that took longest to come to a phase. */
export interface SlowOperation {
  readonly code: string;
  readonly phase: string;
  readonly child: number;
  /** Of its own transaction. */
  readonly hash: TxHash | undefined;
  /** Milliseconds since its start. */
  readonly ms: number;
}

/** So many are kept for each code and phase. */
const KEPT = 3;

/** The slowest operations of each code and phase. */
export class Slowest {
  readonly #kept = new Map<string, SlowOperation[]>();

  note(one: SlowOperation): void {
    const key = `${one.code} ${one.phase}`;
    const kept = this.#kept.get(key) ?? [];
    this.#kept.set(key, kept);
    if (kept.length === KEPT && one.ms <= (kept.at(-1)?.ms ?? 0)) return;
    kept.push(one);
    kept.sort((a, b) => b.ms - a.ms);
    if (kept.length > KEPT) kept.pop();
  }

  /** The slowest first, of each code and phase. */
  all(): readonly SlowOperation[] {
    return [...this.#kept.values()].flat();
  }
}
