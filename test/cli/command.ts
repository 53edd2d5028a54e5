import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** The project's `vitest`, as npx and npm scripts find it. */
export const VITEST = join(ROOT, "node_modules", ".bin", "vitest");

/** Milliseconds for which the streams of a command that has ended are read. */
const LEFT_OPEN_MS = 10_000;

/** A variable of the tests' own environment, where it is set. */
function kept(name: string): Record<string, string> {
  const value = process.env[name];
  return value === undefined ? {} : { [name]: value };
}

/** A command of the project under way. */
export interface Command {
  readonly process: ChildProcess;
  /** What it printed so far, both streams. */
  printed(): string;
  /** What it printed so far on standard output. */
  output(): string;
  /** Waits until it has printed this. */
  until(pattern: RegExp): Promise<void>;
  /** Its exit code; a signal's number above 128. */
  readonly exited: Promise<number>;
}

/**
 * Starts a command in a session of its own, so that its signals do not reach the tests.
 *
 * @param folder where it is started, from the project's
 */
export function start(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  folder = ".",
): Command {
  const child = spawn(command, [...args], {
    cwd: resolve(ROOT, folder),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // The tests' own vitest leaves its mark in the environment.
    env: { ...kept("PATH"), ...kept("HOME"), ...kept("NODE_COMPILE_CACHE"), ...env },
  });
  let text = "";
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      text += data.toString();
      for (const look of waiting) look();
    });
  }
  const exited = new Promise<number>((resolve) => {
    child.once("exit", (code, signal) => {
      const end = (): void => resolve(code ?? (signal === "SIGKILL" ? 137 : 128));
      // What it printed is read later than its end is told; and what it left running may hold its streams open.
      child.once("close", end);
      setTimeout(end, LEFT_OPEN_MS).unref();
    });
  });
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void exited.then(() => reject(new Error(`it ended without printing ${String(pattern)}:\n${text}`)));
    });
  return { process: child, printed: () => text, output: () => output, until, exited };
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  folder = ".",
) {
  const started = start(command, args, env, folder);
  const code = await started.exited;
  return { code, printed: started.printed(), output: started.output() };
}
