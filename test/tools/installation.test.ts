import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** Makes a process believe that it is an older Node; those that it starts, too. */
const OLD = {
  NODE_OPTIONS:
    "--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})",
};

/** Milliseconds until a process that goes on and on is ended, with all that it started. */
const PATIENCE_MS = 20_000;

/** A clone of the project, with no more than these files in its node_modules. */
function clone(modules: Record<string, string> = {}): string {
  const home = mkdtempSync(join(tmpdir(), "rollup-clone-"));
  cpSync(join(ROOT, "tools"), join(home, "tools"), { recursive: true });
  cpSync(join(ROOT, "package-lock.json"), join(home, "package-lock.json"));
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "rollup-stress", type: "module" }));
  for (const [path, content] of Object.entries(modules)) {
    const file = join(home, "node_modules", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o755 });
  }
  return home;
}

/** Runs a script of a clone's tools/ in a group of its own. */
async function run(home: string, script: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [join(home, "tools", script), "run", "stress"], {
    cwd: home,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: home, ...env },
  });
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), PATIENCE_MS);
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("exit", resolve)),
  ]);
  clearTimeout(timer);
  return { code, out, lines: err.trimEnd().split("\n") };
}

const VITEST = { "vitest/package.json": "{}" };

/** A project's own Node that is none, or as old as the system's. */
const node = (script: string) => ({ ...VITEST, "node/bin/node": `#!/bin/sh\n${script}\n` });

describe("without a Node that fits, the wrapper ends with one sentence and exit code 1", () => {
  test.concurrent.each([
    ["is missing", VITEST],
    ["is Node 20.1.0", node("echo v20.1.0")],
    ["does not even tell its version", node("exit 3")],
    ["cannot be started (", { ...VITEST, "node/bin/node": "#!/nowhere\n" }],
  ])("the project's own %s", async (what, modules) => {
    const { code, out, lines } = await run(clone(modules), "vitest-cli.mjs", OLD);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(lines).toEqual([
      expect.stringMatching(
        /^Node 24 is needed, this is Node 20\.1\.0, .*npm ci --include=dev --ignore-scripts=false\)\.$/,
      ),
    ]);
    expect(lines[0]).toContain(what);
  });
});

describe("npm's prepare step where packages are missing", () => {
  test.concurrent("fails with what to do where npm left the development packages out", async () => {
    const home = clone();
    const env = { npm_command: "ci", npm_config_local_prefix: home };
    const { code, lines } = await run(home, "prepare.mjs", env);
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^rollup-stress: .*omit=dev.*Run: npm ci --include=dev$/)]);
  });

  test.concurrent("lets npx go on to the wrapper, which installs: npx keeps half of an entry otherwise", async () => {
    expect(await run(clone(), "prepare.mjs", { npm_command: "exec" })).toEqual({
      code: 0,
      out: "",
      lines: [""],
    });
    const old = clone(VITEST);
    expect(await run(old, "prepare.mjs", { npm_command: "exec", ...OLD })).toMatchObject({
      code: 0,
      lines: [""],
    });
  });

  test.concurrent("lets the installation of a workspace around the clone be, and says how to go on", async () => {
    const around = mkdtempSync(join(tmpdir(), "rollup-around-"));
    const { code, lines } = await run(clone(), "prepare.mjs", {
      npm_command: "install",
      npm_config_local_prefix: around,
    });
    expect(code).toBe(0);
    expect(lines).toEqual([
      expect.stringContaining(`went to the workspace ${around}; npm run stress gives it`),
    ]);
  });

  test.concurrent("names the half of an npx entry that an earlier failure left, and no other", async () => {
    const home = clone(VITEST);
    mkdirSync(join(home, "node_modules", ".bin"));
    const cache = mkdtempSync(join(tmpdir(), "rollup-npm-"));
    for (const [name, to] of [
      ["half", home],
      ["other", ROOT],
      ["whole", home],
    ] as const) {
      mkdirSync(join(cache, "_npx", name, "node_modules"), { recursive: true });
      symlinkSync(to, join(cache, "_npx", name, "node_modules", "rollup-stress"));
    }
    writeFileSync(join(cache, "_npx", "whole", "package.json"), "{}");
    const { code, lines } = await run(home, "prepare.mjs", { npm_command: "ci", npm_config_cache: cache });
    expect(code).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/Delete it: rm -r \S+_npx\/half$/)]);
  });
});
