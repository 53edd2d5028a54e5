import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { roomsOf, TABLE } from "../../tools/lint/rooms.mjs";
import { lint, lintFiles, type Problem, ROOT } from "./lint.ts";
import { DOORS, PLANTED } from "./planted.ts";

const planted = PLANTED.map((mistake, at) => ({ ...mistake, file: `${mistake.folder}/planted-${at}.ts` }));

/** Ways for the second of two files to import the first, which imports the second by type. */
const CIRCLES: Readonly<Record<string, string>> = {
  type: 'import type { A } from "./type-a.ts";',
  inline: 'import { type A } from "./inline-a.ts";',
  exported: 'import type { A } from "./exported-a.ts";\nexport type { A } from "./exported-a.ts";',
};

const circleOf = ([way, back]: readonly [string, string]): readonly (readonly [string, string])[] => [
  [`stress/engine/base/${way}-a.ts`, `import type { B } from "./${way}-b.ts";\nexport type A = B | 1;\n`],
  [`stress/engine/base/${way}-b.ts`, `${back}\nexport type B = A | 2;\n`],
];

// One run of the linter for all of them: a run takes a third of a second.
const problems = await lintFiles({
  ...DOORS,
  ...Object.fromEntries(planted.map(({ file, code }) => [file, `${code}\n`])),
  ...Object.fromEntries(Object.entries(CIRCLES).flatMap(circleOf)),
});

const problemsIn = (path: string): readonly Problem[] => problems.filter(({ file }) => file === path);

describe("the linter refuses", () => {
  test.each(planted)("$what", ({ file, rule, says }) => {
    expect(problemsIn(file)).toEqual([{ file, rule, says: expect.stringMatching(says) }]);
  });

  test.each(Object.keys(CIRCLES))("a circle of two files by %s imports", (way) => {
    for (const side of ["a", "b"]) {
      const [first] = problemsIn(`stress/engine/base/${way}-${side}.ts`);
      expect(first?.rule).toBe("import(no-cycle)");
      expect(first?.says).toContain("Refactor to remove the cycle");
    }
  });
});

describe("the linter accepts", () => {
  test("imports downwards, by doors, between the halves of a protocol, and of plain JavaScript by its like", async () => {
    const files = {
      "stress/engine/chain/x.ts": 'import type { Rpc } from "../rpc/index.ts";\nexport type X = Rpc;\n',
      "stress/engine/run/x.ts": 'import { run } from "./run.ts";\nexport const x = run;\n',
      "stress/engine/base/plain.mjs": "export const plain = 1;\n",
      "tools/x.mjs": 'import { plain } from "../stress/engine/base/plain.mjs";\nvoid plain;\n',
      "stress/one.spec.ts": 'import { run } from "./engine/run/index.ts";\nvoid run;\n',
    };
    expect(await lintFiles({ ...DOORS, ...files })).toEqual([]);
  });

  test("dates of a given moment, and parameters named as a global", async () => {
    const file = "export const x = (fetch: (at: Date) => void, at: number): void => fetch(new Date(at));\n";
    expect(await lintFiles({ "stress/engine/base/x.ts": file })).toEqual([]);
  });

  test("the tree as it is", async () => {
    expect(await lint(ROOT)).toEqual([]);
  });
});

describe("the table", () => {
  test("lets a room import only rooms above it, and the local stack its stacks", () => {
    const rooms = roomsOf(TABLE);
    const upwards = rooms.flatMap(({ name, imports }, at) =>
      [...imports]
        .filter((other) => rooms.findIndex((room) => room.name === other) >= at)
        .map((other) => `${name} -> ${other}`),
    );
    expect(upwards).toEqual(["local-stack -> stack"]);
  });

  test("names no room that it lacks", () => {
    expect(() => roomsOf("room  files  door  may import\nrun   x/*    yes   bsae")).toThrow(
      '"bsae" is no room of the table',
    );
  });

  test("is the one in ARCHITECTURE.md", () => {
    expect(readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8")).toContain(TABLE.trim());
  });
});
