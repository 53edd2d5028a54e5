import { describe, expect, test } from "vitest";
import { localStacks } from "../../fixtures/local-stack/index.ts";
import { page, read } from "./pages.ts";

/** As much of a JSON Schema as is looked at. */
interface Schema {
  readonly default?: string | number | boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const { anyOf: kinds } = JSON.parse(read("targets/schema.json")) as { readonly anyOf: readonly Schema[] };

/** Cells of the rows of a page's table whose first cell is one name in code. */
const rowsOf = (path: string): readonly (readonly string[])[] =>
  page(path)
    .text.split("\n")
    .filter((line) => /^\| `[\w.-]+` \|/.test(line))
    .map((line) => line.slice(2, -2).replaceAll("`", "").split(" | "));

/** Parts of a target that have keys of their own on the page; L2 has what L1 has. */
const PARTS = ["l1", "limits", "funding"];

/** A schema's keys with their defaults, as the page has them. */
const keysOf = ({ properties = {} }: Schema): [string, string][] =>
  Object.entries(properties)
    .filter(([key]) => key !== "$schema" && key !== "l2")
    .flatMap(([key, of]): [string, string][] =>
      PARTS.includes(key)
        ? keysOf(of).map(([inner, value]) => [`${key}.${inner}`, value])
        : [[key, of.default === undefined ? "–" : String(of.default)]],
    );

describe("docs/targets.md", () => {
  test("has a row for each key of a target, with its default, and for no other", () => {
    // Protocols may have keys of their own; the first one is what names none.
    const all = new Map(kinds.toReversed().flatMap(keysOf));
    const told = rowsOf("docs/targets.md").map(([key = "", value = ""]) => [key, value]);
    expect(new Map(told as [string, string][])).toEqual(all);
    expect(told).toHaveLength(all.size);
  });
});

describe("docs/local-stack.md", () => {
  test("has a row for each setting of a local stack, with its option and default, and for no other", () => {
    const names = Object.keys(localStacks) as (keyof typeof localStacks)[];
    const all = names.flatMap((name) => {
      const defaults: Readonly<Record<string, string | number>> = localStacks[name].settings.parse({});
      return localStacks[name].flags.map(({ flag, setting }) => ({
        name,
        flag,
        setting,
        value: defaults[setting],
      }));
    });
    const expected = all.map(({ flag, setting, value }) => {
      const of = all.filter((one) => one.flag === flag).map(({ name }) => name);
      return [`--${flag}`, setting, String(value), of.length === names.length ? "both" : of.join(", ")].join(
        " ",
      );
    });
    const told = rowsOf("docs/local-stack.md").map((cells) => cells.slice(0, 4).join(" "));
    expect(told.toSorted()).toEqual([...new Set(expected)].toSorted());
  });
});
