import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

/** A file of the project, from its folder. */
export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** A page that people read. */
export interface Page {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Snippet {
  /** Where it begins: `docs/load.md:9`. */
  readonly at: string;
  /** As its fence has it; "" for none. */
  readonly language: string;
  readonly text: string;
}

const pageAt = (path: string): Page => ({ path, text: read(path) });

/** Pages of users: the README and all of `docs/`. */
export const USERS_PAGES: readonly Page[] = [
  "README.md",
  ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`),
].map(pageAt);

/** All pages. */
export const PAGES: readonly Page[] = [...USERS_PAGES, ...["CONTRIBUTING.md", "ARCHITECTURE.md"].map(pageAt)];

/** The fenced blocks of a page, in its order. */
export const snippetsOf = ({ path, text }: Page): readonly Snippet[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ index, 1: language = "", 2: body = "" }) => ({
    at: `${path}:${text.slice(0, index).split("\n").length}`,
    language,
    text: body,
  }));

/** The blocks of a language on all pages. */
export const snippetsIn = (language: string): readonly Snippet[] =>
  PAGES.flatMap(snippetsOf).filter((one) => one.language === language);

/** The page with this path. */
export function page(path: string): Page {
  const found = PAGES.find((one) => one.path === path);
  if (found === undefined) throw new Error(`there is no page ${path}`);
  return found;
}
