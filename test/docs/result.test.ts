import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resultSchemaText } from "../../stress/report/result/schema.ts";

const root = join(import.meta.dirname, "..", "..");
const page = readFileSync(join(root, "docs", "result.md"), "utf8");

/** As much of a JSON Schema as is looked at. */
interface Schema {
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema | boolean;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const schema = JSON.parse(resultSchemaText()) as Schema;
const objects: Readonly<Record<string, Schema>> = { result: schema, ...schema.$defs };

/** The keys that the page's section of this name tells of. */
function told(section: string): string[] {
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  return [...own.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = ""]) => key);
}

/** Objects with keys of their own inside of another one, which no section could tell of: but for one value for each chain. */
function unnamed(of: Schema | boolean | undefined, path: string): string[] {
  if (of === undefined || typeof of === "boolean") return [];
  const keys = Object.keys(of.properties ?? {});
  const isOfChains = keys.length > 0 && keys.every((key) => key === "1" || key === "2");
  const inside = [
    of.items,
    of.additionalProperties,
    ...(of.anyOf ?? []),
    ...(of.oneOf ?? []),
    ...(isOfChains ? Object.values(of.properties ?? {}) : []),
  ];
  return [...(keys.length > 0 && !isOfChains ? [path] : []), ...inside.flatMap((one) => unnamed(one, path))];
}

describe("docs/result.md", () => {
  test.each(Object.keys(objects))("tells of each key of %s, and of no other", (name) => {
    expect(told(name).sort()).toEqual(Object.keys(objects[name]?.properties ?? {}).sort());
  });

  test("has a section for every object of a result", () => {
    const hidden = Object.entries(objects).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).flatMap(([key, of]) =>
        name === "result" && key === "load" ? [] : unnamed(of, `${name}.${key}`),
      ),
    );
    expect(hidden).toEqual([]);
    const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, name = ""]) => name);
    expect(new Set(sections)).toEqual(new Set(Object.keys(objects)));
  });
});

test("the schema beside the code is what the code makes of it today (npm run schema)", () => {
  const path = join(root, "stress", "report", "result", "schema.json");
  expect(readFileSync(path, "utf8")).toBe(resultSchemaText());
});
