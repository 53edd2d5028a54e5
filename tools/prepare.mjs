// npm's `prepare` step, after every `npm ci` and `npm install`: makes node_modules fit to use.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { hasPackages, markInstalled, nativePackages } from "./installation.mjs";
import { tellOfBrokenEntries } from "./npx-entries.mjs";
import { isNodeNewEnough, ownNode, ownNodeProblem, root } from "./own-node.mjs";

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
  // Other package managers keep them elsewhere, and have no such options.
  if (missing.length === 0 || npm === undefined || !npm.endsWith("npm-cli.js")) return;
  const wanted = missing.map(({ name, version }) => `${name}@${version}`);
  const args = [npm, "install", "--no-save", "--no-package-lock", "--ignore-scripts", ...wanted];
  const { status } = spawnSync(isNodeNewEnough() ? process.execPath : ownNode, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) stop(`${wanted.join(", ")} could not be installed; try: npm run stress`);
}

/**
 * npx links the project into its cache before it starts the wrapper, which installs what is missing, or tells. Were this to
 * fail there, npx would say nothing, keep half of an entry, and fail on it ever after.
 */
const isNpx = process.env["npm_command"] === "exec";

/** @param {string} problem @returns {never} */
function stop(problem) {
  if (isNpx) process.exit(0);
  console.error(`rollup-stress: ${problem}`);
  process.exit(1);
}

/** Tells why there is nothing to make fit, and ends. */
function leave() {
  const prefix = process.env["npm_config_local_prefix"];
  if (!isNpx && prefix !== undefined && realpathSync(prefix) !== realpathSync(root)) {
    console.error(
      `rollup-stress: its packages went to the workspace ${prefix}; npm run stress gives it those of its own`,
    );
    process.exit(0);
  }
  stop(
    "npm left its packages out (NODE_ENV=production or omit=dev): all of them are development packages. " +
      "Run: npm ci --include=dev",
  );
}

if (!isNpx) tellOfBrokenEntries();
if (!hasPackages()) leave();
const problem = isNodeNewEnough() ? undefined : ownNodeProblem();
if (problem !== undefined) stop(problem);
linkVitest();
addNativePackages();
markInstalled();
