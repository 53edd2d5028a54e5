import type { LineFile } from "./line-file.ts";

/** Lines that are written together. */
interface Block<T> {
  readonly lines: T[];
  /** Settled once the system has it, or not all of it. */
  readonly written: Promise<void>;
  isWritten: boolean;
  /** What the system said of the first of its lines that it did not take. */
  lost: { readonly error: unknown } | undefined;
}

/**
 * Writes lines in blocks, in their order: all that come before anything else can happen in this process make one. So a process
 * that is killed loses no line that anything came of, and thousands of children take no more writes than one.
 */
export class BlockWriter<T> {
  readonly #file: LineFile;
  readonly #textOf: (lines: readonly T[]) => string;
  readonly #onLost: (error: unknown) => void;
  #block: Block<T> | undefined;

  /**
   * @param textOf lines as text, without the last line's end
   * @param onLost is told, once for each block that is not written as a whole, what the system said
   */
  constructor(file: LineFile, textOf: (lines: readonly T[]) => string, onLost: (error: unknown) => void) {
    this.#file = file;
    this.#textOf = textOf;
    this.#onLost = onLost;
  }

  add(line: T): void {
    this.#block ??= this.#begin();
    this.#block.lines.push(line);
  }

  /** Resolves once the system has all lines so far. @throws what it said where it does not take them */
  async written(): Promise<void> {
    await this.#block?.written;
  }

  /** The same, at once. */
  flush(): void {
    const block = this.#block;
    if (block === undefined) return;
    this.#write(block);
    if (block.lost !== undefined) throw block.lost.error;
  }

  #begin(): Block<T> {
    const written = Promise.resolve().then(() => {
      this.#write(block);
      if (block.lost !== undefined) throw block.lost.error;
    });
    // Who needs it asks for it; who does not is told by `onLost`.
    written.catch(() => undefined);
    const block: Block<T> = { lines: [], written, isWritten: false, lost: undefined };
    return block;
  }

  #write(block: Block<T>): void {
    if (block.isWritten) return;
    block.isWritten = true;
    this.#block = undefined;
    try {
      this.#file.append(this.#textOf(block.lines));
    } catch {
      // Of a block that has no room as a whole some lines may have: what goes on without the others is still worth having.
      for (const line of block.lines) this.#try(line, block);
    }
    if (block.lost !== undefined) this.#onLost(block.lost.error);
  }

  #try(line: T, block: Block<T>): void {
    try {
      this.#file.append(this.#textOf([line]));
    } catch (error) {
      block.lost ??= { error };
    }
  }
}
