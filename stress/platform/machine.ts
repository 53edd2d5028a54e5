import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";

/** What a run's figures depend on beside the target. */
export interface Machine {
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly ci: boolean;
}

let machine: Machine | undefined;

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  if (machine === undefined) {
    const processors = cpus();
    machine = {
      node: process.version,
      system: `${type()} ${release()}`,
      processor: processors[0]?.model.trim() ?? "unknown",
      cores: processors.length,
      memory: totalmem(),
      ci: (process.env["CI"] ?? "") !== "",
    };
  }
  return machine;
}

let commit: { readonly hash: string | undefined } | undefined;

/** The commit of the project that runs, with `+` behind it where files differ from it; undefined outside of git. */
export function ownCommit(): string | undefined {
  commit ??= { hash: readCommit() };
  return commit.hash;
}

function readCommit(): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: join(import.meta.dirname, "..", ".."),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const hash = git("rev-parse", "HEAD");
    return git("status", "--porcelain", "--untracked-files=no") === "" ? hash : `${hash}+`;
  } catch {
    // An archive without its history, or a machine without git: the result says nothing of it.
    return undefined;
  }
}
