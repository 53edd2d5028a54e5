import { reasonOf } from "../engine/base/index.ts";
import { LineFile, type WriteBytes } from "./line-file.ts";

/** A log of lines, each with its time in UTC before it. It only reports: what cannot be written is told once, and stops nobody. */
export class LineLog {
  readonly #file: LineFile;
  readonly #onLost: (warning: string) => void;
  #isLosing = false;
  #isClosed = false;

  /**
   * @param onLost is told, once, that lines cannot be written
   * @throws {StressError} LOGS_UNUSABLE
   */
  constructor(path: string, onLost: (warning: string) => void, write?: WriteBytes) {
    this.#file = new LineFile(path, { write });
    this.#onLost = onLost;
  }

  write(line: string): void {
    // Whoever still has something to say when all is over has nobody to tell it to.
    if (this.#isClosed) return;
    try {
      this.#file.append(`${new Date().toISOString()} ${line}`);
    } catch (error) {
      if (this.#isLosing) return;
      this.#isLosing = true;
      this.#onLost(`WARNING ${this.#file.path} lacks lines from here on: ${reasonOf(error)}`);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#file.close();
  }
}
