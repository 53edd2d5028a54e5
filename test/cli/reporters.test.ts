import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunFacts } from "../../fixtures/run/run-facts.ts";
import type { ResultFile } from "../../stress/report/result/schema.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, VITEST } from "./command.ts";
import { ownTarget } from "./own-target.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

/** What vitest's JSON has of a test. */
interface Told {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly meta: { readonly stress?: readonly RunFacts[] } }[];
  }[];
}

/** A short run with reporters that programs read, as a step of GitHub's, and all that it left. */
async function reported(name: string, more: readonly string[] = []) {
  const env = ownTarget(bed, name);
  const out = mkdtempSync(join(tmpdir(), "rollup-reports-"));
  const files = ["--outputFile.json", join(out, "run.json"), "--outputFile.junit", join(out, "run.xml")];
  const reporters = ["--reporter=default", "--reporter=json", "--reporter", "junit"];
  const load = ["--children", "2", "--duration", "forever", "--ops", "6", "--seed", "5"];
  const args = ["run", "stress/payments", "--target", name, ...load, ...reporters, ...files, ...more];
  const { printed } = await run(VITEST, args, {
    ...env,
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: "",
  });
  const logs = env.ROLLUP_STRESS_LOGS;
  const folder = join(logs, readdirSync(logs).find((one) => one.startsWith(`${name}-`)) ?? "");
  const told = JSON.parse(readFileSync(join(out, "run.json"), "utf8")) as Told;
  return {
    printed,
    folder,
    success: told.success,
    facts: told.testResults[0]?.assertionResults[0]?.meta.stress ?? [],
    properties: propertiesIn(readFileSync(join(out, "run.xml"), "utf8")),
    result: JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) as ResultFile,
    attached: readdirSync(join(logs, "attachments")).map((file) => join(logs, "attachments", file)),
  };
}

/** The properties of the tests in a JUnit file, by name. */
function propertiesIn(xml: string): ReadonlyMap<string, string> {
  const unescape = (text: string): string => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  return new Map(
    [...xml.matchAll(/<property name="([^"]*)" value="([^"]*)">/g)].map(([, name = "", value = ""]) => [
      unescape(name),
      unescape(value),
    ]),
  );
}

describe("reporters of a run that held", () => {
  let told: Awaited<ReturnType<typeof reported>>;

  beforeAll(async () => {
    told = await reported("reporting");
  });

  test("JSON has its verdict, seed, report and figures in the test's meta", () => {
    const { facts, result, folder, success } = told;
    expect(success, told.printed).toBe(true);
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({
      scenario: "payments",
      target: "reporting",
      seed: 5,
      verdict: { is: "held", held: true, reasons: [] },
      report: join(folder, "report.html"),
      result: join(folder, "result.json"),
      operations: result.operations.performed,
      crossings: result.crossings?.counts,
    });
    for (const { code, count, phases } of result.operations.figures) {
      expect(facts[0]?.figures[code]?.count).toBe(count);
      // To the microsecond.
      for (const { phase, p95 } of phases)
        expect(facts[0]?.figures[code]?.phases[phase]?.p95).toBe(Math.round(p95 * 1000) / 1000);
    }
    expect(Object.keys(facts[0]?.figures ?? {})).toContain("PY");
  });

  test("JUnit has the same as properties", () => {
    const { facts, properties, folder } = told;
    expect(properties.get("verdict")).toBe("held");
    expect(properties.get("seed")).toBe("5");
    expect(properties.get("report")).toBe(join(folder, "report.html"));
    const payments = facts[0]?.figures["PY"];
    expect(properties.get("count(PY)")).toBe(String(payments?.count));
    for (const rank of ["p50", "p95", "p99"] as const)
      expect(properties.get(`${rank}(PY.finished) ms`)).toBe(String(payments?.phases["finished"]?.[rank]));
  });

  test("the report is attached to the test, in the folder of the logs and nowhere else", () => {
    const { attached, folder } = told;
    expect(attached.map((path) => readFileSync(path, "utf8"))).toEqual([
      readFileSync(join(folder, "report.html"), "utf8"),
    ]);
    expect(existsSync(resolve(import.meta.dirname, "../../.vitest"))).toBe(false);
  });

  test("without a terminal nothing is in colour, and no line of a run's is wider than 120 but for paths", () => {
    const { printed } = told;
    expect(printed).not.toContain("\u001b");
    const own = printed.split("\n").filter((line) => !/^::(notice|error) /.test(line));
    for (const line of own) expect(line.length <= 120 || line.includes(told.folder), line).toBe(true);
    expect(printed).toMatch(/^\d\d:\d\d:\d\d phase load/m);
  });

  test("the terminal is told the verdict, once", () => {
    expect(told.printed.match(/^The bridge .*$/gm)).toEqual(["The bridge held: payments on reporting"]);
  });

  test("GitHub is told the verdict, at the spec's file", () => {
    expect(told.printed).toContain(
      "::notice file=stress/payments.spec.ts,title=The bridge held%3A payments on reporting::Every wei",
    );
  });
});

test("a check that failed after the run is in all of them, the attached report included", async () => {
  const { facts, properties, printed, attached, success } = await reported("failing", [
    "--gate",
    "p95(PY.finished)<1ms",
  ]);
  const reason = expect.stringContaining("p95(PY.finished)<1ms");
  expect(printed.match(/^The bridge .*$/gm)).toEqual(["The bridge did not hold: payments on failing"]);
  expect(success).toBe(false);
  expect(facts[0]?.verdict).toMatchObject({ is: "not held", held: false, reasons: [reason] });
  expect(properties.get("verdict")).toBe("not held");
  expect(properties.get("reason")).toEqual(reason);
  expect(printed).toMatch(
    /^::error file=stress\/payments.spec.ts,title=The bridge did not hold%3A payments/m,
  );
  expect(attached).toHaveLength(1);
  for (const path of attached) expect(readFileSync(path, "utf8")).toContain("The bridge did not hold");
});
