import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { heard } from "../fixtures/worker/control.ts";
import { hearLines } from "../fixtures/worker/hear-lines.ts";
import { runMessage, Turns } from "../fixtures/worker/turns.ts";
import type { StopLevel } from "../stress/engine/base/index.ts";
import { listenForWorkers } from "./worker-socket.ts";

/**
 * Milliseconds within which a second SIGINT is the same one: npx and npm pass the terminal's on once more. More than 300 ms have
 * been seen to lie between the two, and then one press gave up what was open.
 */
const SAME_SIGINT_MS = 1000;

/** Exit codes of a process that a signal stopped: 128 and the signal's number. */
const EXIT = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const SAID = {
  0: "",
  1: "Stopping: children finish their operations, then everything goes back. Ctrl-C again: do not wait for them.",
  2: "Not waiting any longer: open operations are listed, then everything goes back. Ctrl-C again: kill.",
  3: "Killed. Balances may be left in child accounts: npm run recover -- --target <name> brings them back.",
} as const;

/** The main process's end of the control channel: counts signals, and passes the stop level on to the workers. */
export interface ControlServer {
  readonly address: string;
  /** Scenarios whose worker died before it had closed them. */
  readonly orphans: readonly string[];
  /** Waits for the workers to leave, and gives the signals back to vitest. */
  close(): Promise<void>;
}

/** @param say prints a line in vitest's output */
export async function startControlServer(say: (line: string) => void): Promise<ControlServer> {
  const orphans: string[] = [];
  let level: StopLevel = 0;
  let signal = "";
  const state = (begun: boolean): string => `${JSON.stringify({ level, signal, begun })}\n`;
  const workers = await openChannel(state, (scenario) => orphans.push(scenario));
  const raise = (to: StopLevel, by: keyof typeof EXIT): void => {
    if (to <= level) return;
    [level, signal] = [to, by];
    // At the very end: vitest sets its own code where a spec did not hold, as one that was cut short may not.
    if (to === 1) process.once("exit", () => (process.exitCode = EXIT[by]));
    workers.tell();
    say(SAID[level]);
    // The workers go with their parent, and the local stack with its standard input.
    if (level === 3) process.exit(EXIT[by]);
  };
  // A reader that went away (`| head`, a closed terminal) must not cost the refunds: it is a stop like another.
  const onBrokenOutput = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    raise(1, "SIGHUP");
  };
  process.stdout.on("error", onBrokenOutput);
  process.stderr.on("error", onBrokenOutput);
  const onInterrupt = (): void => raise(Math.min(3, level + 1) as StopLevel, "SIGINT");
  const restoreSignals = takeSignals(onInterrupt, (by) => raise(1, by));
  return {
    address: workers.address,
    orphans,
    close: async () => {
      await workers.close();
      restoreSignals();
    },
  };
}

/**
 * The socket that workers connect to.
 *
 * @param state what a worker is told when it connects, and whenever `tell` is called; is told whether any run began
 * @param onOrphan is told the scenario of a worker that died with its run open
 */
async function openChannel(state: (begun: boolean) => string, onOrphan: (scenario: string) => void) {
  const clients = new Set<Socket>();
  const turns = new Turns<Socket>((socket, turn) => void socket.write(`${JSON.stringify({ turn })}\n`));
  const { address, close } = await listenForWorkers("control", (socket) => {
    clients.add(socket);
    hearLines(socket, (line) => {
      const said = heard(runMessage, line);
      if (said !== undefined) turns.hear(socket, said);
    });
    socket.on("close", () => {
      const openRun = turns.gone(socket);
      if (openRun !== undefined) onOrphan(openRun);
      clients.delete(socket);
    });
    socket.write(state(turns.hasBegun));
  });
  return {
    address,
    tell: () => {
      for (const socket of clients) socket.write(state(turns.hasBegun));
    },
    close: async () => {
      // vitest may call this while workers are still leaving; each holds a connection until it is gone.
      while (clients.size > 0) await sleep(50);
      close();
    },
  };
}

/**
 * Takes the place of vitest's own listeners, which exit within a millisecond and without any teardown.
 *
 * @returns a function that puts them back
 */
function takeSignals(
  onInterrupt: () => void,
  onTerminate: (signal: "SIGTERM" | "SIGHUP") => void,
): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const theirs = signals.map((signal) => [signal, process.listeners(signal)] as const);
  for (const signal of signals) process.removeAllListeners(signal);
  let last = Number.NEGATIVE_INFINITY;
  process.on("SIGINT", () => {
    const now = performance.now();
    const isSame = now - last < SAME_SIGINT_MS;
    last = now;
    if (!isSame) onInterrupt();
  });
  process.on("SIGTERM", () => onTerminate("SIGTERM"));
  if (process.platform !== "win32") process.on("SIGHUP", () => onTerminate("SIGHUP"));
  return () => {
    for (const [signal, listeners] of theirs) {
      process.removeAllListeners(signal);
      for (const listener of listeners) process.on(signal, listener);
    }
  };
}
