import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { stringify } from "csv-stringify/sync";
import type { Chain } from "../engine/base/index.ts";
import type { TxHash } from "../engine/rpc/index.ts";
import { asctime } from "./asctime.ts";

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

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === "\n";
}

/**
 * `logs/op.log`: the journal that outside programs read (its format is fixed to the byte). Appended to across runs; each
 * record is handed to the system at once, so that a killed process loses none.
 */
export class OpLog {
  readonly path: string;
  readonly #file: number;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, "a+");
    // A run that was killed while it wrote may have left half a line: what comes now begins on one of its own.
    if (!endsInLine(this.#file)) writeSync(this.#file, "\n");
  }

  close(): void {
    closeSync(this.#file);
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
    writeSync(this.#file, `${line}\n`);
  }
}
