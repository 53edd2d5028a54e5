/** What a driver in a process of its own is told. */
export interface DriverTold {
  readonly protocol: "ovm2" | "op-stack";
  /** Endpoints and chain ids of L1 and L2. */
  readonly endpoints: readonly [l1: string, l2: string];
  readonly chainIds: readonly [l1: number, l2: number];
  /** Where the contracts' addresses are told. */
  readonly addresses: string;
  /** Whose money it is: of several drivers on one chain each has a funder of its own. */
  readonly funderKey?: string;
  readonly children: number;
  /** Operations that each child has under way at once; 1 where nothing is said. */
  readonly inFlight?: number;
  /** Milliseconds of load, beginning when all children have their money. */
  readonly durationMs: number;
  readonly seed: number;
  /** Shares of operations by chain, in percent; payments for the rest. */
  readonly shares: {
    readonly 1: Readonly<Record<string, number>>;
    readonly 2: Readonly<Record<string, number>>;
  };
  /** 0: on both. */
  readonly startChain: 0 | 1 | 2;
  /** The target's part of `funding`. */
  readonly funding: Readonly<Record<string, unknown>>;
}

/** What a driver measured. */
export interface Driven {
  /** Operations that were done in the measured part of the load: from the last child's funding, less a fifth at its beginning. */
  readonly operations: number;
  readonly seconds: number;
  /** Milliseconds of processor time for each of them. */
  readonly cpuPerOperation: number;
  readonly callsPerOperation: number;
  readonly requestsPerOperation: number;
  /** Largest resident set of the process. Bytes. */
  readonly mostMemory: number;
  /** Operations that failed; one more where the run was not clean, and where its books are off. */
  readonly failed: number;
  /** Hash of each payment, and when its OP_DONE_ was written: Unix milliseconds. */
  readonly done: readonly (readonly [hash: string, at: number])[];
}

/**
 * Milliseconds from when each payment's block could first be asked for until its end was written.
 *
 * @param since when that was, by a transaction's hash; undefined where it is not known. Unix milliseconds
 */
export const delaysOf = ({ done }: Driven, since: (hash: string) => number | undefined): readonly number[] =>
  done.flatMap(([hash, at]) => {
    const from = since(hash);
    return from === undefined ? [] : [at - from];
  });
