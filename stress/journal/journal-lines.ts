import { createReadStream, existsSync } from "node:fs";
import { unusableLog } from "./line-file.ts";

/** No record is longer: what is, is what a crash or a bad disk left. Characters. */
const LONGEST = 2 ** 20;

/**
 * The lines of a journal, one after the other; none where there is no file.
 *
 * @throws {StressError} LOGS_UNUSABLE where it cannot be read
 */
export async function* journalLines(path: string): AsyncGenerator<string> {
  if (!existsSync(path)) return;
  let rest = "";
  try {
    // readline does not tell of a file that cannot be read.
    for await (const chunk of createReadStream(path, "utf8")) {
      const lines = `${rest}${chunk as string}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield line.replace(/\r$/, "");
      if (rest.length > LONGEST) rest = rest.slice(0, LONGEST);
    }
  } catch (error) {
    throw unusableLog(path, error);
  }
  if (rest !== "") yield rest;
}
