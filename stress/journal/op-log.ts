import { stringify } from "csv-stringify/sync";
import { type Chain, reasonOf, StressError } from "../engine/base/index.ts";
import type { TxHash } from "../engine/rpc/index.ts";
import { asctime } from "./asctime.ts";
import { BlockWriter } from "./block-writer.ts";
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

/** A line: a comment, or a record's fields. */
type Line = string | readonly (string | number)[];

/**
 * `logs/op.log`: the journal that outside programs read (its format is fixed to the byte). Appended to across runs. Records are
 * handed to the system in blocks, each before anything else happens in this process: one that is killed loses none that
 * anything came of, as what must not happen without its record waits for it (`written`).
 */
export class OpLog {
  readonly path: string;
  readonly #file: LineFile | undefined;
  readonly #blocks: BlockWriter<Line> | undefined;
  #isNeeded: boolean;
  #failure: StressError | undefined;
  #onFailure: (failure: StressError) => void = () => undefined;

  /** @throws {StressError} LOGS_UNUSABLE where it cannot be opened, and is needed */
  constructor(path: string, { write, isNeeded = true }: OpLogOptions = {}) {
    this.path = path;
    this.#isNeeded = isNeeded;
    try {
      this.#file = new LineFile(path, { write });
      this.#blocks = new BlockWriter(this.#file, textOf, (error) => this.#fail(error));
    } catch (error) {
      if (isNeeded || !(error instanceof StressError)) throw error;
      this.#failure = error;
    }
  }

  /** Why the journal is not whole: what happened to the first record that could not be written. */
  get failure(): StressError | undefined {
    this.#tryFlush();
    return this.#failure;
  }

  /**
   * From here on nobody is stopped by a record that cannot be written: money that goes back must not wait for a disk. Each record
   * is tried all the same, as there may be room again.
   */
  goOnWithout(): void {
    this.#isNeeded = false;
  }

  /** @param onFailure is told each time that a record cannot be written which is needed */
  follow(onFailure: (failure: StressError) => void): void {
    this.#onFailure = onFailure;
  }

  /**
   * Resolves once the system has all records so far.
   *
   * @throws {StressError} JOURNAL_INCOMPLETE where it does not take one that is needed
   */
  async written(): Promise<void> {
    try {
      await this.#blocks?.written();
    } catch (error) {
      if (this.#isNeeded) throw this.#failure ?? error;
    }
  }

  /** The same, at once. @throws {StressError} likewise */
  flush(): void {
    this.#tryFlush();
    if (this.#isNeeded && this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Waits until all records are on the disk: children's keys derive from the seed that is in them.
   *
   * @throws {StressError} likewise
   */
  sync(): void {
    this.flush();
    try {
      this.#file?.sync();
    } catch (error) {
      this.#failure ??= incomplete(this.path, error);
      if (this.#isNeeded) throw this.#failure;
    }
  }

  close(): void {
    this.#tryFlush();
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
    this.#line(["OP_INIT_", childField(child), "--", chain, address]);
  }

  start(child: number, code: string, chain: Chain, now: number): void {
    this.#line(["OP_START", childField(child), code, chain, (now / 1000).toFixed(8)]);
  }

  /** @param hash undefined where the operation has no transaction */
  watch(child: number, code: string, chain: Chain, since: number, hash: TxHash | undefined): void {
    const fields = ["OP_WATCH", childField(child), code, chain, intervalField(since)];
    this.#line(hash === undefined ? fields : [...fields, hash]);
  }

  done({ child, code, chain, succeeded, gasUsed, gasEstimated, phases }: DoneRecord): void {
    const gas = `${gasUsed}/${gasEstimated}${gasUsed > gasEstimated ? "<<<" : ""}`;
    const fields = ["OP_DONE_", childField(child), code, chain, succeeded ? 1 : 0, gas];
    this.#line([...fields, ...phases.map(intervalField)]);
  }

  /** The closing line of a run. */
  closed(now: number, clean: boolean): void {
    this.#line(`# ${clean ? "Clean exit" : "Dirty shutdown"} at ${asctime(now)}`);
  }

  #line(line: Line): void {
    this.#blocks?.add(line);
  }

  #fail(error: unknown): void {
    this.#failure ??= incomplete(this.path, error);
    if (this.#isNeeded) this.#onFailure(this.#failure);
  }

  #tryFlush(): void {
    try {
      this.#blocks?.flush();
    } catch {
      // It is the journal's failure from now on.
    }
  }
}

/** No field has a carriage return in it: looking for one in each takes a third of the time, and a quarter of the memory. */
const PLAIN = { eof: false, quote_record_delimiter: false };

/** Records come out of csv-stringify as many at once as follow each other: each call of it has a price of its own. */
function textOf(lines: readonly Line[]): string {
  const texts: string[] = [];
  let records: (readonly (string | number)[])[] = [];
  const endRecords = (): void => {
    if (records.length > 0) texts.push(stringify(records, PLAIN));
    records = [];
  };
  for (const line of lines) {
    if (typeof line !== "string") {
      records.push(line);
      continue;
    }
    endRecords();
    texts.push(line);
  }
  endRecords();
  return texts.join("\n");
}

const incomplete = (path: string, error: unknown): StressError =>
  new StressError(
    "JOURNAL_INCOMPLETE",
    `${path} could not be written (${reasonOf(error)}): the journal is incomplete`,
    "make room for it; what may not be back is found by npm run recover -- --target <name>",
    { cause: error },
  );
