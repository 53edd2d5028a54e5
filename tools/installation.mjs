// What a complete installation is, and how to get one. Runs under any Node from 20 on: plain JavaScript, no packages.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isNodeNewEnough, ownNode, ownNodeProblem, root } from "./own-node.mjs";

const modules = join(root, "node_modules");
const stamp = join(modules, ".rollup-stress-installed");

const lockDigest = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");

/** The lock file's platform packages of Hardhat's native engine that fit this machine: name → version. */
export function nativePackages() {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (
    process.report?.getReport() ?? {}
  );
  const musl = process.platform === "linux" && report.header?.glibcVersionRuntime === undefined;
  return Object.entries(packages)
    .filter(([path, { os = [], cpu = [], libc }]) => {
      const fits = os.includes(process.platform) && cpu.includes(process.arch);
      const isMusl = libc?.includes("musl") ?? path.endsWith("musl");
      return (
        path.includes("@nomicfoundation/edr-") && fits && (process.platform !== "linux" || isMusl === musl)
      );
    })
    .map(([path, { version }]) => ({
      path: join(root, path),
      name: path.replace("node_modules/", ""),
      version,
    }));
}

/** Whether npm put packages into node_modules at all. */
export const hasPackages = () => existsSync(join(modules, "vitest", "package.json"));

/** Whether node_modules holds what the lock file asks for, native parts included. */
export const isInstalled = () =>
  existsSync(stamp) &&
  readFileSync(stamp, "utf8") === lockDigest() &&
  (isNodeNewEnough() || existsSync(ownNode)) &&
  nativePackages().every(({ path }) => existsSync(path));

/** Remembers that node_modules was made from the lock file as it is now. */
export const markInstalled = () => writeFileSync(stamp, lockDigest());

/**
 * All packages, and in this folder, whatever npm's configuration and NODE_ENV say: every one of them is a development
 * package, and a workspace around the clone would take them into its own node_modules.
 */
const EVERYTHING = ["--include=dev", "--include=optional", "--include=peer", "--no-workspaces"];

/** Installs what is missing; ends the process with one sentence where that fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error("Installing packages (once; about half a minute) …");
  const failure = install();
  if (failure === undefined) return;
  console.error(failure);
  process.exit(1);
}

/** @returns {string | undefined} what stands in the way, and what to do */
function install() {
  const ci = ["ci", ...EVERYTHING];
  // Under Node 20 npm would leave out Hardhat's native engine, whose package asks for Node 22: so npm runs on Node 24.
  const args = isNodeNewEnough()
    ? ci
    : ["exec", "--yes", "--no-workspaces", "--package=node@24", "--", "npm", ...ci];
  const { status, error } = run("npm", args);
  if (status !== 0)
    return `Installing failed${error ? `: ${error.message}` : ", npm says above why"}. Once that is mended, try again: npm ci --include=dev`;
  if (isInstalled()) return undefined;
  // npm was told to run no scripts: neither the one that installs Node 24, nor the project's own.
  const problem = isNodeNewEnough() ? undefined : ownNodeProblem();
  if (problem !== undefined) return problem;
  run(isNodeNewEnough() ? process.execPath : ownNode, [join(import.meta.dirname, "prepare.mjs")]);
  return isInstalled()
    ? undefined
    : "npm was through, but packages are missing. Try: npm ci --include=dev --ignore-scripts=false";
}

/** @param {string} command @param {string[]} args */
const run = (command, args) =>
  spawnSync(command, args, {
    cwd: root,
    // stdout stays free for what the command itself prints
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: outsideWorkspaces(process.env),
  });

/**
 * npm refuses --no-workspaces beside a workspace, which an npm around this one may have put into the environment.
 *
 * @param {NodeJS.ProcessEnv} env
 */
const outsideWorkspaces = (env) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_config_workspaces?$/i.test(name)));
