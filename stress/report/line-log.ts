import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** A log of lines, each with its time in UTC before it. */
export class LineLog {
  readonly #path: string;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
  }

  write(line: string): void {
    appendFileSync(this.#path, `${new Date().toISOString()} ${line}\n`);
  }
}
