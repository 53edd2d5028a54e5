import { reasonOf } from "../engine/base/index.ts";
import { BlockWriter } from "./block-writer.ts";
import { LineFile, type WriteBytes } from "./line-file.ts";

/** A log of lines, each with its time in UTC before it. It only reports: what cannot be written is told once, and stops nobody. */
export class LineLog {
  readonly #file: LineFile;
  readonly #blocks: BlockWriter<string>;
  readonly #onLost: (warning: string) => void;
  #isLosing = false;
  #isClosed = false;

  /**
   * @param onLost is told, once, that lines cannot be written
   * @throws {StressError} LOGS_UNUSABLE
   */
  constructor(path: string, onLost: (warning: string) => void, write?: WriteBytes) {
    this.#file = new LineFile(path, { write });
    this.#blocks = new BlockWriter(
      this.#file,
      (lines) => lines.join("\n"),
      (error) => this.#lost(error),
    );
    this.#onLost = onLost;
  }

  write(line: string): void {
    // Whoever still has something to say when all is over has nobody to tell it to.
    if (!this.#isClosed) this.#blocks.add(`${new Date().toISOString()} ${line}`);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#blocks.flush();
    } catch {
      // It was told by `onLost`.
    }
    this.#file.close();
  }

  #lost(error: unknown): void {
    if (this.#isLosing) return;
    this.#isLosing = true;
    this.#onLost(`WARNING ${this.#file.path} lacks lines from here on: ${reasonOf(error)}`);
  }
}
