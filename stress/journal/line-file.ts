import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { reasonOf, StressError } from "../engine/base/index.ts";

/** Hands bytes from `offset` on to the system, and returns how many it took: `fs.writeSync`, and in tests a disk that is full. */
export type WriteBytes = (file: number, bytes: Uint8Array, offset: number) => number;

const NEWLINE = "\n".charCodeAt(0);

/** A file of `logs/` that cannot be used. */
export const unusableLog = (path: string, error: unknown): StressError =>
  new StressError(
    "LOGS_UNUSABLE",
    `${path} cannot be used: ${reasonOf(error)}`,
    "make room for it, or make it a file that may be read and written; ROLLUP_STRESS_LOGS names another folder for all logs",
    { cause: error },
  );

/** How a file of lines is opened and written. */
export interface LineFileOptions {
  /** The system's own way where nothing is said. */
  readonly write?: WriteBytes | undefined;
  /** Permissions of a file that is not there yet. */
  readonly mode?: number;
}

/** A text file that lines are appended to: each is handed to the system at once, and is there as a whole or not at all. */
export class LineFile {
  readonly path: string;
  readonly #file: number;
  readonly #write: WriteBytes;
  /** Whether it ends within a line: what comes now begins on one of its own. */
  #isTorn: boolean;
  #isOpen = true;

  /** @throws {StressError} LOGS_UNUSABLE */
  constructor(path: string, { write = writeSync, mode = 0o666 }: LineFileOptions = {}) {
    this.path = path;
    this.#write = write;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, "a+", mode);
      // A run that was killed while it wrote may have left half a line.
      this.#isTorn = !endsInLine(this.#file);
    } catch (error) {
      throw unusableLog(path, error);
    }
  }

  /**
   * Appends a line, or several at once.
   *
   * @throws what the system says; nothing of it is in the file then
   */
  append(line: string): void {
    // Its number may be another file's by now.
    if (!this.#isOpen) throw new Error(`${this.path} is closed`);
    const bytes = Buffer.from(`${this.#isTorn ? "\n" : ""}${line}\n`);
    let done = 0;
    try {
      // A disk that is nearly full takes a part, and says so only by this number.
      while (done < bytes.length) {
        const taken = this.#write(this.#file, bytes, done);
        if (taken <= 0) throw new Error("the system takes no more of it");
        done += taken;
      }
    } catch (error) {
      if (done > 0) this.#takeBack(bytes.subarray(0, done));
      throw error;
    }
    this.#isTorn = false;
  }

  /** Waits until all of it, and its name in its folder, is on the disk. */
  sync(): void {
    fsyncSync(this.#file);
    syncFolder(dirname(this.path));
  }

  /** Closes it; doing it again does no harm. */
  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  /** Half a line goes again, which needs no room; unless somebody else has appended to the file meanwhile. */
  #takeBack(half: Uint8Array): void {
    try {
      const { size } = fstatSync(this.#file);
      const last = Buffer.alloc(half.length);
      readSync(this.#file, last, 0, last.length, size - last.length);
      if (!last.equals(half)) throw new Error("it is not the file's end any more");
      ftruncateSync(this.#file, size - half.length);
    } catch {
      this.#isTorn = half.at(-1) !== NEWLINE;
    }
  }
}

/** What systems say that cannot sync a folder: Windows, shares, and where it must not be read. */
const CANNOT_SYNC = ["EACCES", "EBADF", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"];

function syncFolder(path: string): void {
  let folder: number | undefined;
  try {
    folder = openSync(path, "r");
    fsyncSync(folder);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!CANNOT_SYNC.includes(code)) throw error;
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}
