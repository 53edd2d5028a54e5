import type { Socket } from "node:net";
import { styleText } from "node:util";
import { viewMessage } from "../fixtures/onlookers/view-message.ts";
import { heard } from "../fixtures/worker/control.ts";
import { hearLines } from "../fixtures/worker/hear-lines.ts";
import type { LiveSnapshot } from "../stress/report/live/snapshot.ts";
import { snapshotLines, type Tone, type TonedLine } from "../stress/report/live/snapshot-lines.ts";
import type { VitestWindow } from "./vitest-window.ts";
import { listenForWorkers } from "./worker-socket.ts";

/** How often the terminal is looked at: it may have become another size. Milliseconds. */
const LOOK_EVERY_MS = 500;

const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  title: ["bold"],
  plain: [],
  faint: ["dim"],
  bad: ["red"],
};

/** Shows runs in vitest's window while they go on. */
export interface LiveView {
  /** Of the socket that workers connect to. */
  readonly address: string;
  close(): void;
}

/**
 * Listens for the workers whose runs are to be shown.
 *
 * @param terminal decides about colours: by NO_COLOR, FORCE_COLOR, and what it can show
 */
export async function openLiveView(window: VitestWindow, terminal: NodeJS.WriteStream): Promise<LiveView> {
  const view = new Runs(window, terminal);
  const { address, close } = await listenForWorkers("view", (socket) => view.take(socket));
  view.draw();
  const looking = setInterval(() => view.draw(), LOOK_EVERY_MS).unref();
  return {
    address,
    close: () => {
      clearInterval(looking);
      view.close();
      close();
    },
  };
}

/** All runs that are shown, by the worker that they are in. */
class Runs {
  readonly #window: VitestWindow;
  readonly #terminal: NodeJS.WriteStream;
  readonly #workers = new Map<Socket, Map<number, LiveSnapshot>>();
  #columns: number;

  constructor(window: VitestWindow, terminal: NodeJS.WriteStream) {
    this.#window = window;
    this.#terminal = terminal;
    this.#columns = window.room.columns;
  }

  take(socket: Socket): void {
    const own = new Map<number, LiveSnapshot>();
    this.#workers.set(socket, own);
    this.#tellColumns(socket);
    socket.on("close", () => {
      this.#workers.delete(socket);
      this.draw();
    });
    hearLines(socket, (line) => {
      const said = heard(viewMessage, line);
      if (said === undefined) return;
      if (said.now === null) own.delete(said.run);
      else own.set(said.run, said.now);
      this.draw();
    });
  }

  draw(): void {
    const { columns, rows } = this.#window.room;
    if (columns !== this.#columns) {
      this.#columns = columns;
      for (const socket of this.#workers.keys()) this.#tellColumns(socket);
    }
    const shown = [...this.#workers.values()].flatMap((runs) => [...runs.values()]);
    const room = { columns: columns - 1, rows: Math.floor((rows - 1) / Math.max(1, shown.length)) };
    const lines = shown.flatMap((run) => snapshotLines(run, room)).map((line) => this.#styled(line));
    // What was printed last, and what is drawn anew all the time, are told apart.
    this.#window.show(lines.length === 0 ? [] : ["", ...lines]);
  }

  #styled({ tone, text }: TonedLine): string {
    return styleText(STYLES[tone], ` ${text}`, { stream: this.#terminal });
  }

  #tellColumns(socket: Socket): void {
    socket.write(`${JSON.stringify({ columns: this.#columns })}\n`);
  }

  close(): void {
    for (const socket of this.#workers.keys()) socket.destroy();
    this.#window.close();
  }
}
