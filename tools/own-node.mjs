// Going on under the project's own Node 24, as a program that is started by a path and a shebang cannot choose.
// Runs under any Node from 20 on: plain JavaScript, no packages.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** The project's own Node 24, from the npm package `node`. */
export const ownNode = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/** The oldest Node that runs the project: it strips TypeScript's types and suits vitest 5 and Hardhat 3. */
const OLDEST_MAJOR = 24;

/** @param {string} version */
const isVersionNewEnough = (version) => Number.parseInt(version.replace(/^v/, ""), 10) >= OLDEST_MAJOR;

/** Whether this very process may run the project's TypeScript. */
export const isNodeNewEnough = () => isVersionNewEnough(process.versions.node);

/**
 * Why the project's own Node cannot be used, in a sentence that says what to do; undefined where it can. It is asked for
 * its version: one that is as old as this would hand on to itself for ever.
 *
 * @param {string} [node] its path; tests only
 * @returns {string | undefined}
 */
export function ownNodeProblem(node = ownNode) {
  const what = existsSync(node) ? versionProblem(node) : "is missing";
  if (what === undefined) return undefined;
  return (
    `Node ${OLDEST_MAJOR} is needed, this is Node ${process.versions.node}, and the project's own, ${node}, ${what}: ` +
    `start this with Node ${OLDEST_MAJOR} or newer, or have a script of its package install it ` +
    "(npm ci --include=dev --ignore-scripts=false)."
  );
}

/** @param {string} node */
function versionProblem(node) {
  const { stdout, status, error } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (error !== undefined) return `cannot be started (${error.message})`;
  if (status !== 0) return "does not even tell its version";
  return isVersionNewEnough(stdout) ? undefined : `is Node ${stdout.trim().replace(/^v/, "")}`;
}

/**
 * Runs `script` under the project's own Node with this process's terminal, and exits as it does; with one sentence and
 * exit code 1 where there is no Node to run it.
 * Signals to this process are passed on.
 *
 * @param {string} script
 * @param {string[]} args
 * @param {{ withParent?: boolean }} [options] withParent: a parent that dies counts as SIGTERM. npm's shell does not pass
 *   signals on: it just dies of them.
 */
export function runOnOwnNode(script, args, { withParent = false } = {}) {
  const problem = isNodeNewEnough() ? undefined : ownNodeProblem();
  if (problem !== undefined) {
    console.error(problem);
    process.exit(1);
  }
  const node = isNodeNewEnough() ? process.execPath : ownNode;
  const child = spawn(node, [script, ...args], { stdio: "inherit" });
  // A terminal's Ctrl-C goes to the whole process group, so the child may get it twice: it takes two at once for one.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  if (withParent) onParentGone(() => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`Cannot start ${node}: ${error.message}. Run: npm ci`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}

const PARENT_CHECK_MS = 500;

/** @param {() => void} act */
function onParentGone(act) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, PARENT_CHECK_MS);
  timer.unref();
}
