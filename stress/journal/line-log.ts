import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A log of lines, each with its time in UTC before it. */
export class LineLog {
  readonly #file: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, "a");
  }

  write(line: string): void {
    writeSync(this.#file, `${new Date().toISOString()} ${line}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}
