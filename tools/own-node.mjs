// Going on under the project's own Node 24, as a program that is started by a path and a shebang cannot choose.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { ownNode } from "./installation.mjs";

/** The oldest Node that runs the project: it strips TypeScript's types and suits vitest 5 and Hardhat 3. */
const OLDEST_MAJOR = 24;

/** Whether this very process may run the project's TypeScript. */
export const isNodeNewEnough = () => Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR;

/**
 * Runs `script` under the project's own Node with this process's terminal, and exits as it does.
 * Signals to this process are passed on.
 *
 * @param {string} script
 * @param {string[]} args
 * @param {{ withParent?: boolean }} [options] withParent: a parent that dies counts as SIGTERM. npm's shell does not pass
 *   signals on: it just dies of them.
 */
export function runOnOwnNode(script, args, { withParent = false } = {}) {
  const node = isNodeNewEnough() || !existsSync(ownNode) ? process.execPath : ownNode;
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
