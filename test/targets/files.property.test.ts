import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StressError } from "../../stress/engine/base/errors.ts";
import { environment } from "../../targets/environment.ts";
import { poolMinimum } from "../../stress/protocols/ovm2/funding.ts";
import { loadTarget, parseTarget } from "../../targets/load.ts";
import type { ChainTarget, Target } from "../../targets/target.ts";
import { ownFolder } from "../fakes/folder.ts";
import { runs } from "../fakes/property.ts";
import { KEY, remote, thrownBy } from "./mistakes.ts";
import { json, mutated, VALID } from "./files.ts";

const DAY_MS = 86_400_000;

const parse = (text: string): Target => parseTarget(text, "/targets/mine.json", { NAME: "mine" });

/** The target that a text makes, undefined where one of our errors refuses it. */
function outcomeOf(text: string): Target | undefined {
  try {
    return parse(text);
  } catch (error) {
    // Its first line names the file; each mistake has one of its own.
    const isTold = error instanceof StressError && error.message.split("\n").length > 1;
    if (isTold && error.code === "TARGET_INVALID") return undefined;
    throw error;
  }
}

/** A run is started with what stands in a target: nothing of it may be what arithmetic cannot take. */
function expectSane(target: Target): void {
  const { place, limits, funding, shares, dispatchInterval, statisticsEvery, funder } = target;
  expect(target.name).toMatch(/^[\w.-]+$/);
  expect(funder.key).toMatch(/^0x[0-9a-fA-F]{64}$/);
  const poolLeast = poolMinimum(funding.bridge);
  for (const wei of [limits.maxFund, funding.minimumBalance, funding.perChild, poolLeast]) {
    expect(wei >= 0n && wei <= 10n ** 27n, `${wei} wei`).toBe(true);
  }
  for (const ms of [limits.slowAfter, limits.stuckAfter, limits.giveUpAfter])
    expect(ms).toBeGreaterThanOrEqual(0);
  within(dispatchInterval, 0, DAY_MS);
  within(statisticsEvery, 1, DAY_MS);
  within(funding.batch, 1, 1000);
  within(limits.toleratedFailures, 0, Number.MAX_SAFE_INTEGER);
  for (const share of [...Object.values(shares[1]), ...Object.values(shares[2])]) within(share, 0, 100);
  if (place.kind === "endpoints") for (const chain of Object.values(place.chains)) expectSaneChain(chain);
  else {
    const { l1BlockTime, l2BlockTime } = place.kind === "fork" ? place.fork.settings : place.settings;
    within(l1BlockTime, 1, DAY_MS);
    within(l2BlockTime, 1, DAY_MS);
  }
}

function expectSaneChain(chain: ChainTarget): void {
  expect(chain.endpoints.length).toBeGreaterThan(0);
  for (const endpoint of chain.endpoints) expect(new URL(endpoint).protocol).toMatch(/^(https?|wss?):$/);
  within(chain.chainId ?? 1, 1, Number.MAX_SAFE_INTEGER);
  within(chain.confirmations, 0, Number.MAX_SAFE_INTEGER);
  within(chain.gasMultiplier, 1, 10);
  within(chain.batchGasPriceGwei ?? 0, 0, 1e9);
}

/** Also tells NaN and infinity. */
function within(value: number, least: number, most: number): void {
  expect(value >= least && value <= most, `${value} in ${least} to ${most}`).toBe(true);
}

describe("a target file", () => {
  test("that is right is a sane target, whatever line ends and byte-order mark it has", () => {
    for (const content of VALID) {
      const text = JSON.stringify(content, null, 2);
      for (const written of [text, text.replaceAll("\n", "\r\n"), `\uFEFF${text}`, `\n${text}\n\n`]) {
        expectSane(parse(written));
        expect(parse(written)).toEqual(parse(text));
      }
    }
  });

  test("of any text is refused by one of our errors", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(outcomeOf(text)).toBeUndefined();
      }),
      runs(300),
    );
  });

  test("of any JSON is refused by one of our errors", () => {
    fc.assert(
      fc.property(json, (text) => {
        expect(outcomeOf(text)).toBeUndefined();
      }),
      runs(500),
    );
  });

  test("that was right before it was changed is a sane target, or refused by one of our errors", () => {
    let sane = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        const target = outcomeOf(text);
        if (target === undefined) return;
        expectSane(target);
        sane++;
      }),
      runs(1500),
    );
    expect(sane).toBeGreaterThan(50);
  });

  test.each([
    ["lists", "[", "]"],
    ["objects", '{"a":', "}"],
  ])("of %s nested without end is refused by one of our errors", (_, open, close) => {
    const deep = `${open.repeat(50_000)}0${close.repeat(50_000)}`;
    expect(outcomeOf(deep)).toBeUndefined();
    expect(outcomeOf(JSON.stringify({ ...remote, name: "x" }).replace('"x"', deep))).toBeUndefined();
  });

  test("with a variable named like something that every object has is told that it is not set", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const text = JSON.stringify({ ...remote, funder: { key: `\${${name}}` } });
      expect(thrownBy(() => parse(text)).message).toContain(`the environment variable ${name} is not set`);
    }
  });
});

describe("what is no file", () => {
  test("in a target's place is refused by one of our errors", () => {
    const home = ownFolder();
    mkdirSync(join(home, "folder.json"));
    symlinkSync(join(home, "circle.json"), join(home, "circle.json"));
    writeFileSync(join(home, "file"), "");
    writeFileSync(join(home, "empty.json"), "");
    writeFileSync(join(home, "binary.json"), Buffer.from([0xff, 0xfe, 0x00, 0x7b]));
    expect(thrownBy(() => loadTarget("folder", {}, home)).code).toBe("TARGET_INVALID");
    expect(thrownBy(() => loadTarget("circle", {}, home)).code).toBe("TARGET_INVALID");
    expect(thrownBy(() => loadTarget("any", {}, join(home, "file"))).code).toBe("TARGET_NOT_FOUND");
    expect(thrownBy(() => loadTarget("empty", {}, home)).code).toBe("TARGET_INVALID");
    expect(thrownBy(() => loadTarget("binary", {}, home)).code).toBe("TARGET_INVALID");
  });

  test("under any name is refused by one of our errors", () => {
    const home = ownFolder();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(thrownBy(() => loadTarget(name, {}, home))).toBeInstanceOf(StressError);
      }),
      runs(200),
    );
  });

  test("in the place of .env is refused by one of our errors", () => {
    expect(thrownBy(() => environment(ownFolder())).message).toContain("cannot be read");
  });
});

describe("an .env", () => {
  const inFile = (text: string): ReturnType<typeof environment> => {
    const file = join(ownFolder(), ".env");
    writeFileSync(file, text);
    return environment(file);
  };

  test("of any text gives texts by name", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("__proto__=x", "A='", 'B="\n', "=", "export C=1"),
    );
    const file = join(ownFolder(), ".env");
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("\n", "\r\n", "\r"), (lines, end) => {
        writeFileSync(file, lines.join(end));
        for (const value of Object.values(environment(file))) expect(typeof value).toBe("string");
      }),
      runs(100),
    );
  });

  test("may begin with a byte-order mark and end its lines as Windows does", () => {
    expect(inFile(`\uFEFFFUNDER_KEY_UNIT=${KEY}\r\nOTHER_UNIT=1\r\n`)).toMatchObject({
      FUNDER_KEY_UNIT: KEY,
      OTHER_UNIT: "1",
    });
  });
});
