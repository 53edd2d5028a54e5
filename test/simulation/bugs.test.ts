import { describe, expect, test } from "vitest";
import { BUGS, infected, planted, Rotten } from "./bugs.ts";

describe("a bug that is planted", () => {
  test.each(Object.keys(BUGS))("has a place in the product: %s", (bug) => {
    const patches = BUGS[bug] ?? [];
    expect(patches.length).toBeGreaterThan(0);
    const files = infected(patches);
    for (const { file, to } of patches)
      expect([...files].find(([path]) => path.endsWith(file))?.[1]).toContain(to);
  });

  test("is refused where its place is gone, or is there twice", () => {
    const patch = { file: "some.ts", from: "here", to: "there" };
    expect(planted("one here only", patch)).toBe("one there only");
    expect(() => planted("none", patch)).toThrow(Rotten);
    expect(() => planted("here and here", patch)).toThrow(Rotten);
  });
});
