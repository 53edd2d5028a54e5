import { spawn } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logPaths } from "../fixtures/run/logs.ts";
import { parseOpLog } from "../stress/journal/parse-op-log.ts";

const ROOT = join(import.meta.dirname, "..");

/** How often processes are looked at. Milliseconds. */
const LOOK_MS = 200;

/** What a run by the command line is given. */
export interface CommandTold {
  readonly children: number;
  readonly seconds: number;
  readonly seed: number;
}

/** What became of it. */
export interface CommandRun {
  readonly exitCode: number;
  readonly tookMs: number;
  /** From the first child's funding to the last one's, and the same of refunds. */
  readonly fundingMs: number;
  readonly givingBackMs: number;
  /** Largest resident set of a process of its, the local stack's left out; NaN where /proc does not tell. Bytes. */
  readonly mostMemory: number;
}

/** Where what a command printed and logged is kept that ended with another code than 0: nobody may see it fail again for hours. */
const FAILED = join(logPaths().home, "bench", "failed");

/** Runs vitest as users do, with logs of its own. */
export async function runCommand(
  args: readonly string[],
  { children, seconds, seed }: CommandTold,
): Promise<CommandRun> {
  const home = mkdtempSync(join(tmpdir(), "rollup-bench-"));
  const begun = Date.now();
  const own = ["--children", children, "--duration", `${seconds}s`, "--seed", seed].map(String);
  const printed = openSync(join(home, "printed.log"), "w");
  const child = spawn(process.execPath, [join(ROOT, "tools", "vitest-cli.mjs"), "run", ...args, ...own], {
    cwd: ROOT,
    stdio: ["ignore", printed, printed],
    env: { ...process.env, ROLLUP_STRESS_LOGS: home },
  });
  let most = Number.NaN;
  const looking = setInterval(() => {
    for (const pid of familyOf(child.pid ?? 0)) most = Math.max(Number.isNaN(most) ? 0 : most, memoryOf(pid));
  }, LOOK_MS);
  try {
    const exitCode = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
    const tookMs = Date.now() - begun;
    if (exitCode !== 0) keep(home, `vitest run ${[...args, ...own].join(" ")}: exit code ${exitCode}`);
    return { exitCode, tookMs, mostMemory: most, ...timesIn(join(home, "op.log")) };
  } finally {
    clearInterval(looking);
    closeSync(printed);
    rmSync(home, { recursive: true });
  }
}

function keep(home: string, what: string): void {
  const kept = join(FAILED, new Date().toISOString().replaceAll(":", "-"));
  cpSync(home, kept, { recursive: true });
  console.error(`${what}; what it printed and its logs are in ${kept}`);
}

function timesIn(opLog: string): Pick<CommandRun, "fundingMs" | "givingBackMs"> {
  // A command that is refused writes none.
  if (!existsSync(opLog)) return { fundingMs: Number.NaN, givingBackMs: Number.NaN };
  const spans = new Map<string, [from: number, to: number]>();
  const started = new Map<number, number>();
  for (const record of parseOpLog(readFileSync(opLog, "utf8"))) {
    if (record.record === "start") started.set(record.child, record.at);
    if (record.record !== "done") continue;
    const from = started.get(record.child) ?? 0;
    const to = from + (record.phases.at(-1) ?? 0);
    const span = spans.get(record.code) ?? [from, to];
    spans.set(record.code, [Math.min(span[0], from), Math.max(span[1], to)]);
  }
  const length = (code: string): number => {
    const [from, to] = spans.get(code) ?? [0, 0];
    return to - from;
  };
  return { fundingMs: length("IF"), givingBackMs: length("RF") };
}

/** A process and all that it started, as far as /proc tells: only Linux has it. */
function familyOf(pid: number): readonly number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      words(readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")),
    );
    return [pid, ...children.flatMap((one) => familyOf(Number(one)))];
  } catch {
    return [];
  }
}

/** Largest resident set so far. Bytes. */
function memoryOf(pid: number): number {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("local-stack/main.ts")) return 0;
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
