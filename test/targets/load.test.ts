import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StressError } from "../../stress/engine/base/errors.ts";
import { jsonSchema } from "../../targets/json-schema.ts";
import { loadTarget, missingInTarget, parseTarget } from "../../targets/load.ts";
import { ownFolder } from "../fakes/folder.ts";
import { runs } from "../fakes/property.ts";
import { KEY, OWNER, remote, thrownBy } from "./mistakes.ts";

const targets = join(import.meta.dirname, "..", "..", "targets");

const parse = (text: string): unknown => parseTarget(text, "/targets/mine.json", {});

describe("the targets of the project", () => {
  test("local.json runs on the embedded stack", () => {
    expect(loadTarget("local", {})).toMatchObject({ name: "local", place: { kind: "local stack" } });
  });

  test("example-remote.json loads where its variables are set", () => {
    const env = {
      L1_ENDPOINT: "https://l1.example",
      L2_ENDPOINT: "https://l2.example",
      FUNDER_KEY: KEY,
      ADDRESS_SERVER: "https://addresses.example",
    };
    expect(loadTarget("example-remote", env)).toMatchObject({
      name: "example-remote",
      funder: { address: OWNER },
      place: { kind: "endpoints", chains: { 1: { chainId: 11_155_111 }, 2: { chainId: 28_882 } } },
    });
  });

  test.each([
    ["op-sepolia", 11_155_420],
    ["base-sepolia", 84_532],
    ["example-op-chain", undefined],
  ])("%s.json needs two endpoints and a funder: its chains tell their contracts", (name, chainId) => {
    const variables = ["L1_ENDPOINT", "L2_ENDPOINT", "FUNDER_KEY"];
    const { message } = thrownBy(() => loadTarget(name, {}));
    for (const variable of variables) expect(message).toContain(`variable ${variable} is not set`);
    const env = { L1_ENDPOINT: "https://l1.example", L2_ENDPOINT: "https://l2.example", FUNDER_KEY: KEY };
    expect(loadTarget(name, env)).toMatchObject({
      protocol: "op-stack",
      leaveWithdrawals: true,
      place: { kind: "endpoints", chains: { 2: { chainId } }, addresses: { from: "chains" } },
    });
  });

  test("example-remote.json names each of its variables that is not set", () => {
    const { message } = thrownBy(() => loadTarget("example-remote", {}));
    for (const name of ["L1_ENDPOINT", "L2_ENDPOINT", "FUNDER_KEY", "ADDRESS_SERVER"]) {
      expect(message.split(`variable ${name} is not set`)).toHaveLength(2);
    }
  });

  test("schema.json is what the code makes of it today (npm run schema)", () => {
    expect(readFileSync(join(targets, "schema.json"), "utf8")).toBe(`${jsonSchema()}\n`);
  });
});

describe("a target that is not there", () => {
  test("is told with the names of those that are, and the nearest", () => {
    const home = ownFolder();
    for (const name of ["alpha", "beta", "schema"]) writeFileSync(join(home, `${name}.json`), "{}");
    const error = thrownBy(() => loadTarget("bets", {}, home));
    expect(error.code).toBe("TARGET_NOT_FOUND");
    expect(error.message).toContain("'bets'");
    expect(error.hint).toBe("known targets: alpha, beta. Did you mean beta?");
  });

  test("in a folder without targets is told so", () => {
    expect(thrownBy(() => loadTarget("any", {}, ownFolder())).hint).toBe("known targets: none.");
  });
});

describe("a file that is not JSON", () => {
  test.each([
    ["nothing at all", "", "line 1, column 1"],
    ["a comma too many", '{\n  "name": "a",\n}', "line 3, column 1"],
    ["a word that means nothing", `{\n  "funder": { "key": "${KEY}" },\n  "a": yes\n}`, "line 3, column 8"],
    ["such a word beside the word position", '{\n  "a": position 3\n}', "line 2, column 8"],
    ["two texts in a row", `{ "key": "${KEY}"\n"b" }`, "line 2, column 1"],
    ["a text that never ends", `{ "key": "${KEY}`, "line 1, column 77"],
  ])("for %s is told by line and column", (_, text, place) => {
    expect(thrownBy(() => parse(text)).message).toBe(
      `/targets/mine.json cannot be used:\n  - not JSON: look at ${place}`,
    );
  });
});

describe("a file with a key twice in one object", () => {
  test.each([
    ["at the top", '{\n  "name": "a",\n  "name": "b"\n}', "line 3, column 3"],
    ["below", '{ "l1": { "chainId": 1, "endpoint": [{}], "chainId": 2 } }', "line 1, column 43"],
    ["behind an escape", '{ "name": 1, "na\\u006de": 2 }', "line 1, column 14"],
  ])("%s is refused with its place", (_, text, place) => {
    expect(thrownBy(() => parse(text)).message).toBe(
      `/targets/mine.json cannot be used:\n  - a key is given twice in one object: look at ${place}`,
    );
  });

  test("is none where the second one is another object's, or a value", () => {
    const text = '{ "name": "name", "l1": { "name": ["name", { "name": "name: \\"name\\":" }] }, "l2": {} }';
    expect(thrownBy(() => parse(text)).message).not.toContain("twice");
  });
});

test("a funder's address with a wrong checksum is refused, one all in lower case is not", () => {
  const wrong = OWNER.replace("d8291E50E2e", "d8291e50E2e");
  const content = { ...remote, funder: { key: KEY, address: wrong } };
  expect(thrownBy(() => parse(JSON.stringify(content))).message).toContain(
    "funder.address: its checksum is wrong",
  );
  content.funder.address = OWNER.toLowerCase();
  expect(parse(JSON.stringify(content))).toMatchObject({ funder: { address: OWNER } });
});

describe("a link that leads in a circle", () => {
  test.each(["mine", "mine.json"])("is told where the target's file or its folder is one: %s", (name) => {
    const home = ownFolder();
    symlinkSync(name, join(home, name));
    const folder = name === "mine" ? join(home, name) : home;
    const error = thrownBy(() => loadTarget("mine", {}, folder));
    expect(error).toMatchObject({ code: "TARGET_INVALID" });
    expect(error.message).toContain("mine.json cannot be read:\n  - ELOOP");
    expect(thrownBy(() => missingInTarget("mine", {}, folder)).message).toBe(error.message);
  });
});

describe("whatever a file holds", () => {
  /** Parses, and gives the text of the error if there is one, its cause and stack included. */
  const complaint = (text: string): string => {
    try {
      parse(text);
      return "";
    } catch (error) {
      if (!(error instanceof StressError)) throw error;
      expect(error.code).toBe("TARGET_INVALID");
      return `${error.render()} ${error.stack} ${String(error.cause)}`;
    }
  };

  /** Keys of both formats, so that values get to where they are looked at. */
  const names =
    "name protocol stack l1 l2 endpoint chainId funder key address shares endpoints op_pct op_delay funder_acct " +
    "max_fund_eth addresses limits maxFundEth";
  const name = fc.constantFrom(...names.split(" "));
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(KEY, KEY.slice(2), ` ${KEY}`, "${NAME}", OWNER, null, true, "mine"),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(name, tie("value"), { maxKeys: 6 }),
    ),
  }));

  test("any JSON value is a target or refused by one of our errors, which never shows a key", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), (content) => {
        expect(complaint(JSON.stringify(content))).not.toContain(KEY.slice(2));
      }),
      runs(400),
    );
  });

  test("any value in the place of a right one is taken or refused by one of our errors", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(remote)), value, (key, content) => {
        expect(complaint(JSON.stringify({ ...remote, [key]: content }))).not.toContain(KEY.slice(2));
      }),
      runs(200),
    );
  });

  test("any text is refused by one of our errors, which never shows a key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (before, after) => {
        expect(complaint(`${before}${KEY}${after}`)).not.toContain(KEY.slice(2));
      }),
      runs(200),
    );
  });
});
