import { stringify } from "csv-stringify/sync";
import { type Chain, reasonOf, StressError } from "../engine/base/index.ts";
import type { TxHash } from "../engine/rpc/index.ts";
import { asctime } from "./asctime.ts";
import { LineFile, type WriteBytes } from "./line-file.ts";

/** Milliseconds since an operation's start, one for each phase it reached. */
export type Phases = readonly number[];

/** `%03d`: a child's number as the log has it. */
export const childField = (child: number): string => String(child).padStart(3, "0");

/** `%014.8f`: milliseconds as seconds with five digits before the point and eight after it. */
export const intervalField = (ms: number): string => (ms / 1000).toFixed(8).padStart(14, "0");

/** What a finished operation leaves in the log. */
export interface DoneRecord {
  readonly child: number;
  readonly code: string;
  readonly chain: Chain;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly gasEstimated: bigint;
  readonly phases: Phases;
}

/** How a journal is kept. */
export interface OpLogOptions {
  /** The system's own where nothing is said. */
  readonly write?: WriteBytes | undefined;
  /** Whether who publishes what cannot be written is to be stopped by it (default), or goes on without its record. */
  readonly isNeeded?: boolean;
}

/**
 * `logs/op.log`: the journal that outside programs read (its format is fixed to the byte). Appended to across runs; each
 * record is handed to the system at once, so that a killed process loses none.
 */
export class OpLog {
  readonly path: string;
  readonly #file: LineFile | undefined;
  #isNeeded: boolean;
  #failure: StressError | undefined;

  /** @throws {StressError} LOGS_UNUSABLE where it cannot be opened, and is needed */
  constructor(path: string, { write, isNeeded = true }: OpLogOptions = {}) {
    this.path = path;
    this.#isNeeded = isNeeded;
    try {
      this.#file = new LineFile(path, { write });
    } catch (error) {
      if (isNeeded || !(error instanceof StressError)) throw error;
      this.#failure = error;
    }
  }

  /** Why the journal is not whole: what happened to the first record that could not be written. */
  get failure(): StressError | undefined {
    return this.#failure;
  }

  /**
   * From here on nobody is stopped by a record that cannot be written: money that goes back must not wait for a disk. Each record
   * is tried all the same, as there may be room again.
   */
  goOnWithout(): void {
    this.#isNeeded = false;
  }

  /** Waits until all records are on the disk: children's keys derive from the seed that is in them. */
  sync(): void {
    this.#trying(() => this.#file?.sync());
  }

  close(): void {
    this.#file?.close();
  }

  /** @param now Unix milliseconds, as everywhere here */
  started(now: number, children: number): void {
    this.#line(`# Started at ${asctime(now)} with ${children} children and 1 worker threads`);
  }

  /** A comment line of our own: `# key=value key=value`. */
  comment(values: Readonly<Record<string, string | number | bigint>>): void {
    const pairs = Object.entries(values).map(
      ([key, value]) => `${key}=${String(value).replace(/\s+/g, "-")}`,
    );
    this.#line(`# ${pairs.join(" ")}`);
  }

  init(child: number, chain: Chain, address: string): void {
    this.#record(["OP_INIT_", childField(child), "--", chain, address]);
  }

  start(child: number, code: string, chain: Chain, now: number): void {
    this.#record(["OP_START", childField(child), code, chain, (now / 1000).toFixed(8)]);
  }

  /** @param hash undefined where the operation has no transaction */
  watch(child: number, code: string, chain: Chain, since: number, hash: TxHash | undefined): void {
    const fields = ["OP_WATCH", childField(child), code, chain, intervalField(since)];
    this.#record(hash === undefined ? fields : [...fields, hash]);
  }

  done({ child, code, chain, succeeded, gasUsed, gasEstimated, phases }: DoneRecord): void {
    const gas = `${gasUsed}/${gasEstimated}${gasUsed > gasEstimated ? "<<<" : ""}`;
    const fields = ["OP_DONE_", childField(child), code, chain, succeeded ? 1 : 0, gas];
    this.#record([...fields, ...phases.map(intervalField)]);
  }

  /** The closing line of a run. */
  closed(now: number, clean: boolean): void {
    this.#line(`# ${clean ? "Clean exit" : "Dirty shutdown"} at ${asctime(now)}`);
  }

  #record(fields: readonly (string | number)[]): void {
    this.#line(stringify([[...fields]], { eof: false }));
  }

  #line(line: string): void {
    this.#trying(() => this.#file?.append(line));
  }

  #trying(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure ??= incomplete(this.path, error);
      if (this.#isNeeded) throw this.#failure;
    }
  }
}

const incomplete = (path: string, error: unknown): StressError =>
  new StressError(
    "JOURNAL_INCOMPLETE",
    `${path} could not be written (${reasonOf(error)}): the journal is incomplete`,
    "make room for it; what may not be back is found by npm run recover -- --target <name>",
    { cause: error },
  );
