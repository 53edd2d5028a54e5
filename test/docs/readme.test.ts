import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkFaultPlan, localStacks } from "../../fixtures/local-stack/index.ts";
import { CASES } from "../faults/cases.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { parseTarget } from "../../targets/load.ts";
import { chosenProtocol, localStackVerb } from "../../tools/local-stack-options.ts";
import { VERBS, type Verb } from "../../tools/options.mjs";
import { readOptions, takeOptions } from "../../tools/read-options.mjs";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const manifest = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  devDependencies: Record<string, string>;
};

const contributing = read("CONTRIBUTING.md");

/** What reads the options of a command of the project's own; undefined where vitest does. */
function verbOf(script: string | undefined, argv: readonly string[]): Verb | undefined {
  if (script === "local-stack") return localStackVerb(localStacks[chosenProtocol(argv)]);
  if (script === "report") return VERBS.report;
  return script === "recover" ? VERBS.recover : undefined;
}

/** The fenced blocks of a language; "" for those without. */
const blocks = (language: string, page = readme): string[] =>
  [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, of, text = ""]) =>
    of === language ? [text] : [],
  );

/** A command's words as a shell has them, which may stand in quotation marks. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

describe("the README", () => {
  test("shows the scenario as it is", () => {
    const [scenario = ""] = blocks("ts");
    expect(read("stress/payments.spec.ts")).toContain(scenario);
  });

  test("shows the example target as it is, and it loads", () => {
    const [, target = ""] = blocks("json");
    expect(JSON.parse(target)).toEqual(JSON.parse(read("targets/example-remote.json")));
    const env = {
      L1_ENDPOINT: "https://l1.example",
      L2_ENDPOINT: "https://l2.example",
      FUNDER_KEY: "11".repeat(32),
      ADDRESS_SERVER: "https://addresses.example",
    };
    expect(parseTarget(target, "example-remote.json", env).name).toBe("example-remote");
  });

  test("shows a fault plan that is one", () => {
    const [plan = ""] = blocks("json");
    expect(checkFaultPlan(JSON.parse(plan), "ovm2")).toHaveProperty("plan");
  });

  test.each(Object.entries(CASES))(
    "tells of each fault in test/faults/%s.test.ts what notices it",
    (spec, cases) => {
      for (const { fault, detectors } of cases) {
        const row = readme.split("\n").find((line) => line.startsWith(`| \`${fault}\` |`));
        expect(row, fault).toContain(`| ${detectors.join(", ")} | \`test/faults/${spec}.test.ts\` |`);
      }
    },
  );

  test("tells of every fault that a plan may have", () => {
    const shown = new Set(Object.values(CASES).flatMap((cases) => cases.map(({ fault }) => fault)));
    const { options } = localStacks.ovm2.faultPlan.shape.faults.element;
    expect(shown).toEqual(new Set(options.map((option) => option.shape.fault.value)));
  });

  test("shows records that the journal's parser reads", () => {
    const records = blocks("").find((text) => text.startsWith("OP_START")) ?? "";
    expect(parseOpLog(records).map(({ record }) => record)).toEqual(["start", "watch", "done"]);
  });

  test.each([
    ["the README", readme],
    ["CONTRIBUTING", contributing],
  ])("%s gives commands that exist, with options that are understood", (_, page) => {
    const commands = blocks("sh", page).flatMap((text) => text.trim().split("\n"));
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      const words = wordsOf(command.replace(/\s*#.*$/, ""));
      const [program, verb = "", ...rest] = words;
      const script = verb === "run" ? rest[0] : verb;
      const isKnown =
        program === "npm" ? script && script in manifest.scripts : `${program} ${verb}` === "npx vitest";
      expect(isKnown, command).toBeTruthy();
      const options = rest.slice(verb === "run" ? 1 : 0).filter((word) => word !== "--");
      const own = verbOf(script, options);
      const read = () => (own === undefined ? takeOptions(options) : readOptions(own, options));
      expect(read, command).not.toThrow();
    }
  });

  test("CONTRIBUTING shows an operation that is tried as it is: only where it is imported from differs", () => {
    const [shown = ""] = blocks("ts", contributing);
    const moved = shown
      .replaceAll('"../../../engine/', '"../../../stress/engine/')
      .replace('"../operation.ts"', '"../../../stress/protocols/ovm2/operation.ts"');
    expect(moved).not.toBe(shown);
    expect(read("test/protocols/ovm2/payment-with-data.ts")).toBe(moved);
  });

  test("gives a reason for each dependency", () => {
    for (const name of Object.keys(manifest.devDependencies))
      expect(readme).toMatch(new RegExp(`[| ,]${name}[ ,|]`));
  });

  test("names only files that are there, as do the other pages", () => {
    const pages = [readme, contributing, read("ARCHITECTURE.md")].join("\n");
    for (const [, path = ""] of pages.matchAll(
      /`((?:stress|fixtures|targets|test|tools)\/[\w./-]+\.\w+)`/g,
    )) {
      expect(() => read(path), path).not.toThrow();
    }
  });
});
