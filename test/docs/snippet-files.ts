import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT, type Snippet, snippetsIn } from "./pages.ts";

/** A `ts` snippet: a file of the project, as a reader would write it. */
export interface SnippetFile extends Pick<Snippet, "at" | "text"> {
  /** What its first line says that it is, from the project's folder; undefined where that says nothing. */
  readonly path: string | undefined;
}

/** What pages show of TypeScript. */
export const snippetFiles = (): readonly SnippetFile[] =>
  snippetsIn("ts").map(({ at, text }) => ({ at, text, path: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] }));

/** A folder in the project, for files that import from it: neither git nor the project's own checks look there. */
export function folderInProject(): string {
  mkdirSync(join(ROOT, "cache"), { recursive: true });
  return mkdtempSync(join(ROOT, "cache", "snippets-"));
}

/**
 * Writes a snippet into a folder, importing what it would from its own place.
 *
 * @param instead files that others take the place of, from the project's folder
 * @returns its path
 */
export function writeSnippet(
  folder: string,
  { at, path = "", text }: SnippetFile,
  instead: Readonly<Record<string, string>> = {},
): string {
  const moved = text.replaceAll(/(?<=from ")\.{1,2}\/[^"]+(?=")/g, (imported) => {
    const file = relative(ROOT, join(ROOT, dirname(path), imported));
    return relative(folder, join(ROOT, instead[file] ?? file));
  });
  const place = join(folder, `${at.replaceAll(/[/:]/g, "-")}.ts`);
  writeFileSync(place, moved);
  return place;
}
