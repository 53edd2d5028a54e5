// What a complete installation is, and how to get one. Runs under any Node from 20 on: plain JavaScript, no packages.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");
const modules = join(root, "node_modules");
const stamp = join(modules, ".rollup-stress-installed");

/** The project's own Node 24, from the npm package `node`. */
export const ownNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

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

/** Whether node_modules holds what the lock file asks for, native parts included. */
export const isInstalled = () =>
  existsSync(stamp) &&
  readFileSync(stamp, "utf8") === lockDigest() &&
  existsSync(ownNode) &&
  nativePackages().every(({ path }) => existsSync(path));

/** Remembers that node_modules was made from the lock file as it is now. */
export const markInstalled = () => writeFileSync(stamp, lockDigest());

/** Installs what is missing; ends the process with npm's exit code where npm fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error("Installing packages (once; about half a minute) …");
  // Under Node 20 npm would leave out Hardhat's native engine, whose package asks for Node 22: so npm runs on Node 24.
  const { status, error } = spawnSync("npm", ["exec", "--yes", "--package=node@24", "--", "npm", "ci"], {
    cwd: root,
    // stdout stays free for what the command itself prints
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  console.error(
    `Installing failed${error ? `: ${error.message}` : ""}. Is the npm registry reachable? Try: npm ci`,
  );
  process.exit(status || 1);
}
