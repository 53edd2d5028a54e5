// npm's `prepare` step, after every `npm ci` and `npm install`: makes node_modules fit to use.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { markInstalled, nativePackages, ownNode, root } from "./installation.mjs";

const bin = join(root, "node_modules", ".bin");
const cli = join(import.meta.dirname, "vitest-cli.mjs");

/** Puts the project's wrapper where npx and npm scripts look for vitest, so that they know the stress options. */
function linkVitest() {
  if (process.platform === "win32") {
    for (const name of ["vitest", "vitest.cmd", "vitest.ps1"]) {
      const shim = join(bin, name);
      const text = readFileSync(shim, "utf8");
      const ours = (/** @type {string} */ _, /** @type {string} */ slash) =>
        relative(bin, cli).replaceAll(/[\\/]/g, slash);
      writeFileSync(shim, text.replace(/\.\.([\\/])vitest[\\/]vitest\.mjs/g, ours));
    }
    return;
  }
  rmSync(join(bin, "vitest"), { force: true });
  symlinkSync(relative(bin, cli), join(bin, "vitest"));
  chmodSync(cli, 0o755);
}

/** npm on Node 20 leaves out Hardhat's native engine (its `engines` say 22): fetches it with npm on Node 24. */
function addNativePackages() {
  const missing = nativePackages().filter(({ path }) => !existsSync(path));
  const npm = process.env["npm_execpath"];
  if (missing.length === 0 || npm === undefined) return;
  const wanted = missing.map(({ name, version }) => `${name}@${version}`);
  const args = [npm, "install", "--no-save", "--no-package-lock", "--ignore-scripts", ...wanted];
  const { status } = spawnSync(ownNode, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`could not install ${wanted.join(", ")}; try: npm run stress`);
}

linkVitest();
addNativePackages();
markInstalled();
