import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseTarget } from "../../targets/load.ts";
import { registered } from "../../tools/new/templates.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** A folder with the registries, and what the command does in it. */
function place() {
  const home = mkdtempSync(join(tmpdir(), "rollup-new-"));
  for (const protocol of ["ovm2", "op-stack"]) {
    const path = join("stress", "protocols", protocol, "operations.ts");
    mkdirSync(join(home, "stress", "protocols", protocol), { recursive: true });
    cpSync(join(ROOT, path), join(home, path));
  }
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(ROOT, "tools", "new", "main.ts"), ...args], {
      encoding: "utf8",
      env: { ...process.env, ROLLUP_STRESS_NEW_ROOT: home },
    });
  return { run, read: (path: string) => readFileSync(join(home, path), "utf8") };
}

describe("npm run new", () => {
  test("writes a scenario, once", () => {
    const { run, read } = place();
    expect(run("scenario", "token-swap").status).toBe(0);
    expect(read("stress/token-swap.spec.ts")).toContain('test("token-swap", async ({ run }) => {');
    const again = run("scenario", "token-swap");
    expect(again.status).toBe(2);
    expect(again.stderr).toContain("stress/token-swap.spec.ts is there already");
  });

  test.each(["op-stack", "ovm2"])("writes a target of %s that loads with its variables", (protocol) => {
    const { run, read } = place();
    expect(run("target", "mine", "--protocol", protocol).status).toBe(0);
    const env = {
      L1_ENDPOINT: "https://l1.example",
      L2_ENDPOINT: "https://l2.example",
      FUNDER_KEY: "11".repeat(32),
      ADDRESS_SERVER: "https://addresses.example",
    };
    expect(parseTarget(read("targets/mine.json"), "mine.json", env)).toMatchObject({
      name: "mine",
      protocol,
    });
  });

  test.each(["ovm2", "op-stack"])("writes an operation of %s, its test, and its line", (protocol) => {
    const { run, read } = place();
    expect(run("operation", "TS", "token-swap", "--protocol", protocol).status).toBe(0);
    expect(read(`stress/protocols/${protocol}/operations/token-swap.ts`)).toContain('code: "TS"');
    expect(read(`test/protocols/${protocol}/token-swap.test.ts`)).toContain("shares = { 1: { TS: 100 }");
    const registry = read(`stress/protocols/${protocol}/operations.ts`);
    expect(registry).toContain('import { tokenSwap } from "./operations/token-swap.ts";\n');
    expect(registry).toContain("  tokenSwap,\n  payment,\n];");
  });

  test("has imports in their order", () => {
    const registry = readFileSync(join(ROOT, "stress/protocols/ovm2/operations.ts"), "utf8");
    const lines = registered(registry, "flash-exit")
      .split("\n")
      .filter((line) => line.includes("./operations/"));
    expect(lines).toEqual(lines.toSorted());
    expect(lines.some((line) => line.includes("flashExit"))).toBe(true);
  });

  test.each([
    [["operation", "PY", "other"], "the code PY is taken"],
    [["operation", "pay", "other"], "wants a code such as TS, not 'pay'"],
    [["operation", "TS", "Other"], "wants a name such as token-swap, not 'Other'"],
    [["operation", "TS", "other", "--protocol", "nitro"], "--protocol wants ovm2 or op-stack, not 'nitro'"],
    [["scenario"], "wants a name such as token-swap, not ''"],
    [["bridge", "x"], "wants scenario, operation or target, not 'bridge'"],
  ])("refuses %j", (args, reason) => {
    const { status, stderr } = place().run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
  });
});
