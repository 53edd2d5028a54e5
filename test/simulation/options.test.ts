import { describe, expect, test } from "vitest";
import { readOptions } from "./options.ts";
import { BadSelection, formatOnly, parseOnly, protocolOf, wordsOf } from "./selection.ts";

describe("what the command is asked for", () => {
  test("is some seeds, where nothing is said", () => {
    expect(readOptions([])).toMatchObject({
      selection: { seed: 0 },
      isOne: false,
      seeds: 100,
      shrink: false,
      first: false,
    });
    expect(readOptions(["--first", "--shrink"])).toMatchObject({ first: true, shrink: true });
    expect(readOptions(["--from", "5000", "--seeds", "1000"])).toMatchObject({
      selection: { seed: 5000 },
      seeds: 1000,
    });
  });

  test("is a world of one protocol, or of both by turns", () => {
    const { selection } = readOptions(["--seed", "17", "--protocol", "ovm2"]);
    expect(wordsOf(selection)).toBe("--seed 17 --protocol ovm2");
    expect(protocolOf(selection)).toBe("ovm2");
    expect([0, 1, 2, 3].map((seed) => protocolOf({ seed }))).toEqual([
      "ovm2",
      "op-stack",
      "ovm2",
      "op-stack",
    ]);
  });

  test("is what a shrunk world is printed as", () => {
    const selection = {
      seed: 17,
      only: new Map([
        ["lostAnswers", new Set([3, 17])],
        ["jitter", undefined],
      ] as const),
      children: 2,
      inFlight: 4,
      load: 5,
    };
    const words = wordsOf(selection);
    expect(words).toBe("--seed 17 --only lostAnswers:3+17,jitter --children 2 --in-flight 4 --load 5");
    expect(readOptions(words.split(" "))).toMatchObject({ selection, isOne: true });
    expect(formatOnly(parseOnly(""))).toBe("");
  });

  test.each([
    [["--seed", "x"], /--seed takes a whole number from 0/],
    [["--seeds", "0"], /--seeds takes a whole number from 1/],
    [["--bug", "none"], /there is no bug "none": there are settle-twice, /],
    [["--protocol", "none"], /there is no protocol "none": there are ovm2, op-stack/],
    [["--only", "bad"], /a world has no trait "bad": there are stale, /],
    [["--only", "jitter:1"], /"jitter:1" is none/],
    [["--sed", "1"], /--sed/],
  ])("%j is refused", (argv, message) => {
    expect(() => readOptions(argv)).toThrow(BadSelection);
    expect(() => readOptions(argv)).toThrow(message);
  });
});
