import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "..", "tools", "targets.ts");

const targets = (home: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], {
    encoding: "utf8",
    env: { ...process.env, ROLLUP_STRESS_TARGETS: home, SOME_KEY: undefined },
  });

test("targets are listed with what each needs, and all mistakes are told", () => {
  const home = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  const write = (name: string, file: object): void =>
    writeFileSync(join(home, `${name}.json`), JSON.stringify(file));
  write("mine", { name: "mine", stack: {} });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as target files name variables
  write("live", {
    name: "live",
    l1: { endpoint: "http://127.0.0.1:1" },
    l2: { endpoint: "http://127.0.0.1:2" },
    funder: { key: "${SOME_KEY}" },
  });
  write("wrong", { name: "wrong", stack: {}, startChain: 7, shares: 3 });
  const { status, stdout, stderr } = targets(home);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^mine +ovm2 +the local stack +0x[0-9a-fA-F]{40} +reads well$/m);
  expect(stdout).toMatch(/^live +needs SOME_KEY$/m);
  expect(stdout).toMatch(/^wrong +has mistakes$/m);
  expect(stderr).toMatch(/startChain/);
  expect(stderr).toMatch(/shares/);
});

test("what cannot be reached is told where that is asked for", () => {
  const home = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  const file = {
    name: "dead",
    l1: { endpoint: "http://127.0.0.1:1" },
    l2: { endpoint: "http://127.0.0.1:2" },
    funder: { key: `0x${"11".repeat(32)}` },
    addresses: {},
  };
  writeFileSync(join(home, "dead.json"), JSON.stringify({ ...file, protocol: "op-stack" }));
  const { status, stderr } = targets(home, "--check");
  expect(status).toBe(1);
  expect(stderr).toMatch(/dead: .*(answer|failed|refused)/);
});
