import { lstatSync, readFileSync } from "node:fs";
import { reasonOf, StressError } from "../stress/engine/base/index.ts";

/**
 * Reads a text file that a user wrote, without the byte-order mark that some editors put before it.
 *
 * @throws {StressError} TARGET_INVALID where it is a folder, or must not be read
 */
export function readText(path: string): string {
  try {
    return withoutMark(readFileSync(path, "utf8"));
  } catch (error) {
    throw new StressError(
      "TARGET_INVALID",
      `${path} cannot be read:\n  - ${reasonOf(error)}`,
      "it has to be a text file that you may read",
      { cause: error },
    );
  }
}

export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, "");

/** Whether a file of this name is there at all, even one that cannot be read: links may lead in a circle. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // What should be its folder is a file.
    return (error as NodeJS.ErrnoException).code !== "ENOTDIR";
  }
}
