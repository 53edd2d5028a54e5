import { existsSync, globSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { page, PAGES, read, ROOT, USERS_PAGES } from "./pages.ts";

/** A page without what is fenced: no heading and no link stands there. */
const prose = (text: string): string => text.replaceAll(/^```.*?^```$/gms, "");

/** The anchor that a heading has on GitHub. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (path: string): string[] =>
  [...prose(read(path)).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

/** What a page links to: paths from the project's folder, and sections. Other sites are nobody's promise. */
const linksOf = (
  path: string,
  text: string,
): { readonly link: string; readonly to: string; readonly section: string }[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^\w+:/.test(link))
    .map((link) => {
      const [file = "", section = ""] = link.split("#");
      return { link, to: file === "" ? path : relative(ROOT, join(ROOT, dirname(path), file)), section };
    });

test.each(PAGES)("$path links to pages and sections that there are", ({ path, text }) => {
  for (const { link, to, section } of linksOf(path, text)) {
    expect(existsSync(join(ROOT, to)), `${path}: ${link}`).toBe(true);
    const sections = section === "" ? [""] : anchorsOf(to);
    expect(sections, `${path}: ${link}`).toContain(section);
  }
});

test.each(PAGES)("$path has each heading once", ({ path }) => {
  const anchors = anchorsOf(path);
  expect(anchors).toEqual([...new Set(anchors)]);
});

test("the README's index has every page of docs/, each once", () => {
  const { text } = page("README.md");
  const [, index = ""] = text.split("\n## Docs\n");
  const [own = ""] = index.split("\n## ");
  const linked = linksOf("README.md", own).map(({ to }) => to);
  const pages = USERS_PAGES.map(({ path }) => path).filter((path) => path !== "README.md");
  expect(linked.toSorted()).toEqual(pages.toSorted());
});

test.each(PAGES)("$path names only files and folders that are there", ({ path, text }) => {
  const named = text.matchAll(
    /`((?:stress|fixtures|targets|test|tools|bench|contracts|contracts-abi|docs|deploy|\.ci|\.github)\/[\w./-]*)`/g,
  );
  for (const [, name = ""] of named) expect(existsSync(join(ROOT, name)), `${path}: ${name}`).toBe(true);
});

/** Where a message says what to read: `docs/targets.md tells …`. */
test("what messages of the code tell people to read is there", () => {
  const files = ["fixtures/run", "fixtures/stack", "fixtures/target", "tools"].flatMap((folder) =>
    globSync(`${folder}/**/*.{ts,mjs}`, { cwd: ROOT }),
  );
  const told = files.flatMap((file) =>
    [...read(file).matchAll(/docs\/[\w-]+\.md/g)].map(([name]) => ({ file, name })),
  );
  expect(told.length).toBeGreaterThan(3);
  for (const { file, name } of told) expect(existsSync(join(ROOT, name)), `${file}: ${name}`).toBe(true);
});

/** Words in a row that two pages may share by chance. */
const BY_CHANCE = 15;

test("no page tells what another one does in the same words", () => {
  const pagesOf = new Map<string, string>();
  const twice: string[] = [];
  for (const { path, text } of PAGES) {
    const words =
      prose(text)
        .toLowerCase()
        .match(/[\p{L}\p{N}`]+/gu) ?? [];
    for (const at of words.keys()) {
      const run = words.slice(at, at + BY_CHANCE);
      const key = run.join(" ");
      const other = run.length < BY_CHANCE ? undefined : pagesOf.get(key);
      if (other !== undefined && other !== path) twice.push(`${other}, ${path}: ${key}`);
      pagesOf.set(key, path);
    }
  }
  expect(twice).toEqual([]);
});
