import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environment, substituteVariables } from "../../targets/environment.ts";
import { ownFolder } from "../fakes/folder.ts";
import { mistakesOf, KEY, load, remote } from "./mistakes.ts";

describe("variables in a target file", () => {
  test("are filled in anywhere in any text", () => {
    const mistakes: string[] = [];
    const value = { list: ["a ${ONE} b ${TWO}", { deep: "${ONE}${ONE}" }], number: 1, none: null };
    expect(substituteVariables(value, { ONE: "1", TWO: "2" }, mistakes)).toEqual({
      list: ["a 1 b 2", { deep: "11" }],
      number: 1,
      none: null,
    });
    expect(mistakes).toEqual([]);
  });

  test("make a target complete", () => {
    const target = load(
      { ...remote, l1: { endpoint: "https://${HOST}:${PORT}/v3" }, funder: { key: "${FUNDER_KEY}" } },
      { HOST: "node.example", PORT: "8545", FUNDER_KEY: KEY },
    );
    expect(target.funder.key).toBe(KEY);
    expect(target.place).toMatchObject({ chains: { 1: { endpoints: ["https://node.example:8545/v3"] } } });
  });

  test("that are missing are named with their place, and that place has no second mistake", () => {
    expect(
      mistakesOf({ ...remote, l1: { endpoint: "${L1_ENDPOINT}" }, funder: { key: "${FUNDER_KEY}" } }),
    ).toEqual([
      expect.stringMatching(/^l1\.endpoint: the environment variable L1_ENDPOINT is not set/),
      expect.stringMatching(/^funder\.key: the environment variable FUNDER_KEY is not set/),
    ]);
  });

  test("that are missing twice in one text are named once", () => {
    expect(mistakesOf({ ...remote, l1: { endpoint: "https://${HOST}/${HOST}" } })).toEqual([
      expect.stringMatching(/^l1\.endpoint: the environment variable HOST is not set/),
    ]);
  });

  test("that are missing hide no mistake of another place", () => {
    expect(mistakesOf({ ...remote, l1: { endpoint: "${L1_ENDPOINT}" }, startChain: 7 })).toEqual([
      expect.stringMatching(/^l1\.endpoint: /),
      expect.stringMatching(/^startChain: /),
    ]);
  });

  test("that are empty count as missing", () => {
    expect(mistakesOf({ ...remote, funder: { key: "${FUNDER_KEY}" } }, { FUNDER_KEY: "" })).toEqual([
      expect.stringMatching(/^funder\.key: the environment variable FUNDER_KEY is not set/),
    ]);
  });

  test("that hold what a place cannot take are told by the place, not by their value", () => {
    const [mistake = "", ...others] = mistakesOf(
      { ...remote, funder: { key: "${FUNDER_KEY}" } },
      { FUNDER_KEY: KEY.slice(0, -2) },
    );
    expect(others).toEqual([]);
    expect(mistake).toMatch(/^funder\.key: /);
    expect(mistake).not.toContain(KEY.slice(2, 20));
  });
});

describe("the environment", () => {
  test("has what an untracked .env says", () => {
    const file = join(ownFolder(), ".env");
    writeFileSync(file, "# a comment\nROLLUP_UNIT_ONE='from the file'\n");
    expect(environment(file)["ROLLUP_UNIT_ONE"]).toBe("from the file");
  });

  test("of the process goes before the .env", () => {
    const file = join(ownFolder(), ".env");
    writeFileSync(file, "PATH=nowhere\n");
    expect(environment(file)["PATH"]).toBe(process.env["PATH"]);
  });

  test("is the process's alone where there is no .env", () => {
    expect(environment(join(ownFolder(), ".env"))).toBe(process.env);
  });
});
