import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import xterm from "@xterm/headless";
import { expect, onTestFinished, test } from "vitest";
import { ownFolder } from "../fakes/folder.ts";
import { VITEST } from "./command.ts";

/** util-linux's own: it gives a program a terminal. */
const SCRIPT = "/usr/bin/script";

/** A program in a terminal of its own, which can be made another size. */
function inTerminal(command: string, columns: number, rows: number, env: Record<string, string | undefined>) {
  const screen = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  const sized = `stty cols ${columns} rows ${rows}; tty >"$TTY_FILE"; exec ${command}`;
  const ttyFile = join(ownFolder(), "tty");
  const child = spawn(SCRIPT, ["-qec", sized, "/dev/null"], {
    env: { ...env, TTY_FILE: ttyFile, TERM: "xterm-256color" },
    // It reads its input's size otherwise, and has none.
    stdio: ["pipe", "pipe", "inherit"],
  });
  let raw = "";
  child.stdout.on("data", (data: Buffer) => {
    raw += data.toString();
    screen.write(data);
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const resize = async (cols: number, lines: number): Promise<void> => {
    screen.resize(cols, lines);
    const tty = readFileSync(ttyFile, "utf8").trim();
    const stty = spawn("stty", ["-F", tty, "cols", String(cols), "rows", String(lines)]);
    await new Promise((done) => stty.once("close", done));
  };
  const press = (keys: string): void => void child.stdin.write(keys);
  const close = (): void => {
    screen.dispose();
    // Its terminal goes with it, and what runs there is told so.
    child.kill();
  };
  return { screen, exited, resize, press, close, raw: () => raw };
}

/** What a screen shows now, without empty lines. */
const shown = ({ buffer: { active } }: xterm.Terminal, rows: number): string[] =>
  Array.from(
    { length: rows },
    (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
  ).filter((line) => line !== "");

const HEAD = /^ load for .* · mixed on local$/;

test.skipIf(!existsSync(SCRIPT))(
  "a run in a terminal is shown live above vitest's own lines, once, at each width it is given, until Ctrl-C",
  async () => {
    const logs = ownFolder();
    const { PATH, HOME } = process.env;
    const load = "--children 6 --duration forever --own-stack";
    const command = `${VITEST} run stress/mixed --target local ${load}`;
    const terminal = inTerminal(command, 80, 30, { PATH, HOME, ROLLUP_STRESS_LOGS: logs, NO_COLOR: "1" });
    onTestFinished(() => terminal.close());
    let rows = 30;
    const lines = (): string[] => shown(terminal.screen, rows);
    const seenAt = async (columns: number): Promise<void> => {
      await expect
        .poll(lines, { interval: 250 })
        .toEqual(expect.arrayContaining([expect.stringMatching(HEAD), expect.stringMatching(/^ PY +\d/)]));
      await expect.poll(() => lines().filter((line) => HEAD.test(line))).toHaveLength(1);
      const now = lines();
      expect(now.filter((line) => /Test Files/.test(line))).toHaveLength(1);
      for (const line of now) expect(line.length).toBeLessThanOrEqual(columns);
    };
    await seenAt(80);
    for (const [columns, height] of [
      [60, 30],
      [200, 40],
      [120, 24],
    ] as const) {
      rows = height;
      await terminal.resize(columns, height);
      // The first drawing at the new size is the one that counts.
      await new Promise((drawn) => setTimeout(drawn, 1500));
      await seenAt(columns);
    }
    terminal.press("\u0003");
    await expect.poll(lines).toContainEqual(expect.stringMatching(/ stop level 1 · mixed on local$/));
    expect(await terminal.exited).toBe(130);
    const text = terminal.raw();
    expect(text).toContain("Stopped before its end: mixed on local");
    // Statistics are for the log: they would scroll it all away.
    expect(text).not.toContain("an hour)");
    expect(readFileSync(join(logs, "mainloop.log"), "utf8")).toContain("an hour)");
    // NO_COLOR: what moves the cursor is there, and no colour.
    for (const code of ["1m", "2m", "22m", "31m", "32m", "39m"]) expect(text).not.toContain(`\u001b[${code}`);
  },
);
