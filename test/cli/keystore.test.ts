import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ownFolder } from "../fakes/folder.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, start, VITEST } from "./command.ts";
import { FUNDER_KEY, ownTarget } from "./own-target.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const HARDHAT = join(ROOT, "node_modules", "hardhat", "dist", "src", "cli.js");
const SCRIPT = "/usr/bin/script";
const PASSWORD = "correct horse battery";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

interface Home extends Record<string, string> {
  readonly HOME: string;
  readonly XDG_CONFIG_HOME: string;
}

/** A user's home with no keystore in it yet. */
function ownHome(): Home {
  const folder = ownFolder();
  return { HOME: folder, XDG_CONFIG_HOME: join(folder, ".config") };
}

/** Answers a program's questions, each once its words are there. */
function answering(
  child: ChildProcess,
  answers: readonly [question: string, answer: string][],
): Promise<string> {
  const waiting = [...answers];
  let printed = "";
  let read = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data: Buffer) => {
      printed += data.toString();
      const [next] = waiting;
      if (next === undefined || !printed.slice(read).includes(next[0])) return;
      read = printed.length;
      waiting.shift();
      child.stdin?.write(`${next[1]}\n`);
      // Hardhat would wait for more.
      if (waiting.length === 0) child.stdin?.end();
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve(`${printed}\nexit code ${code}`)));
}

/** A program with pipes for a terminal, in the project's folder. */
function piped(command: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: "pipe",
    env: { PATH: process.env["PATH"], NO_COLOR: "1", ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function keep(home: Home, name: string, value: string, dev: boolean): Promise<void> {
  const child = piped(process.execPath, [HARDHAT, "keystore", "set", ...(dev ? ["--dev"] : []), name], home);
  const secret = ["Enter secret", value] as const;
  const answers: [string, string][] = dev
    ? [[...secret]]
    : [["Enter the password", PASSWORD], ["confirm your password", PASSWORD], [...secret]];
  expect(await answering(child, answers)).toContain("exit code 0");
}

const own = (home: Home): Record<string, string> => ({
  ...home,
  ...ownTarget(bed, "kept", { funder: { key: "${FUNDER_KEY}" } }),
});

const payments = ["run", "stress/payments", "--target", "kept", "--children", "2", "--ops", "4"];

describe("a target's variable that Hardhat's keystore has", () => {
  test("is read from the development keystore without a question, by runs and recovery", async () => {
    const home = ownHome();
    await keep(home, "FUNDER_KEY", FUNDER_KEY, true);
    const env = own(home);
    const { code, printed } = await run(VITEST, payments, env);
    expect(code, printed).toBe(0);
    expect(printed).not.toContain(FUNDER_KEY);
    const recovery = await run(process.execPath, ["tools/recover.ts", "--target", "kept"], env);
    expect(recovery.code, recovery.printed).toBe(0);
    expect(recovery.printed).toMatch(/^2 accounts: 2 of /m);
  });

  test("is asked for by nobody where the environment has it", async () => {
    const home = ownHome();
    await keep(home, "FUNDER_KEY", "11".repeat(32), false);
    const { code, printed } = await run(VITEST, payments, { ...own(home), FUNDER_KEY });
    expect(code, printed).toBe(0);
  });

  test("is refused with exit code 2 where its password cannot be asked for, and the error says what to set", async () => {
    const home = ownHome();
    await keep(home, "FUNDER_KEY", FUNDER_KEY, false);
    const { code, printed } = await run(VITEST, payments, own(home));
    expect(code).toBe(2);
    expect(printed).toMatch(/FUNDER_KEY cannot be read from Hardhat's keystore: .* in a terminal/);
    expect(printed).toContain("export it, put it into .env, or keep it in the development keystore");
  });

  test.skipIf(!existsSync(SCRIPT))("is read in a terminal after one question for its password", async () => {
    const home = ownHome();
    await keep(home, "FUNDER_KEY", FUNDER_KEY, false);
    const terminal = (password: string) =>
      answering(
        piped(
          SCRIPT,
          [
            "-qec",
            [process.execPath, join(ROOT, "tools/vitest-cli.mjs"), ...payments].join(" "),
            "/dev/null",
          ],
          own(home),
        ),
        [["Enter the password", password]],
      );
    const held = await terminal(PASSWORD);
    expect(held).toContain("exit code 0");
    expect(held.match(/Enter the password/g)).toHaveLength(1);
    for (const secret of [PASSWORD, FUNDER_KEY]) expect(held).not.toContain(secret);
    const refused = await terminal("wrong staple");
    expect(refused).toContain("exit code 2");
    expect(refused).toMatch(/FUNDER_KEY cannot be read from Hardhat's keystore: .*password/);
  });
});

test("a variable that is nowhere is refused with all three places", async () => {
  const { code, printed } = await run(VITEST, payments, own(ownHome()));
  expect(code).toBe(2);
  expect(printed).toContain(
    "FUNDER_KEY is not set (export it, put it into .env, or keep it encrypted: npx hardhat keystore set FUNDER_KEY)",
  );
});

test("a stack of its own makes no folder in the user's home for a keystore", async () => {
  const home = ownHome();
  const vitest = start(VITEST, ["run", "stress/payments", "--children", "2", "--ops", "2"], {
    ...home,
    ROLLUP_STRESS_LOGS: ownFolder(),
  });
  const code = await vitest.exited;
  expect(code, vitest.printed()).toBe(0);
  expect(existsSync(home.XDG_CONFIG_HOME)).toBe(false);
});
