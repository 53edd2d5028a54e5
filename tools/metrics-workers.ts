import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { workerMessage, type WorkerMessage } from "../fixtures/onlookers/metrics-message.ts";
import { heard } from "../fixtures/worker/control.ts";
import { hearLines } from "../fixtures/worker/hear-lines.ts";
import { mergedMetrics } from "../stress/report/metrics/merged.ts";
import { listenForWorkers } from "./worker-socket.ts";

/** A worker that does not answer in this time is shown as it last did. Milliseconds. */
const PATIENCE_MS = 3000;

/** The metrics of all workers there are and were. */
export interface WorkersMetrics {
  /** Of the socket that workers connect to. */
  readonly address: string;
  /** A set of each run that is open, as it is now, and one of all that are over: newest first. */
  scrape(): Promise<readonly object[]>;
  close(): void;
}

/** Listens for the workers that connect in order to be asked for their metrics. */
export async function listenForMetrics(): Promise<WorkersMetrics> {
  const workers = new Set<Worker>();
  const past = new PastMetrics();
  const { address, close } = await listenForWorkers("metrics", (socket) => {
    const worker = new Worker(socket, past);
    workers.add(worker);
    socket.on("close", () => {
      workers.delete(worker);
      worker.gone();
    });
  });
  return {
    address,
    scrape: async () => {
      await Promise.all([...workers].map((worker) => worker.ask()));
      const over = await past.all();
      return [...[...workers].map(({ live }) => live), over].filter((one) => one !== undefined);
    },
    close: () => {
      for (const worker of workers) worker.leave();
      close();
    },
  };
}

/** What runs that are over left, as one set, however many they were. */
class PastMetrics {
  #all: Promise<object | undefined> = Promise.resolve(undefined);

  add(newer: object): void {
    this.#all = this.#all.then((older) => (older === undefined ? newer : mergedMetrics([newer, older])));
  }

  all(): Promise<object | undefined> {
    return this.#all;
  }
}

/** A worker, as it is asked for its metrics. */
class Worker {
  readonly #socket: Socket;
  readonly #past: PastMetrics;
  /** Who waits for an answer, by the number of the question. */
  readonly #asked = new Map<number, () => void>();
  #questions = 0;
  #live: object | undefined;

  constructor(socket: Socket, past: PastMetrics) {
    this.#socket = socket;
    this.#past = past;
    hearLines(socket, (line) => {
      const said = heard(workerMessage, line);
      if (said !== undefined) this.#hear(said);
    });
  }

  /** Of the run that it has open, as it last told. */
  get live(): object | undefined {
    return this.#live;
  }

  /** Asks how it is now, and waits for that: not for ever. */
  async ask(): Promise<void> {
    const scrape = this.#questions++;
    const given = new AbortController();
    const answered = new Promise<void>((resolve) => this.#asked.set(scrape, resolve));
    this.#socket.write(`${JSON.stringify({ scrape })}\n`);
    const patience = sleep(PATIENCE_MS, undefined, { ref: false, signal: given.signal }).catch(
      () => undefined,
    );
    await Promise.race([answered, patience]);
    given.abort();
    this.#asked.delete(scrape);
  }

  #hear(said: WorkerMessage): void {
    if ("ended" in said) {
      this.#live = undefined;
      this.#past.add(said.ended);
      return;
    }
    this.#live = said.metrics;
    this.#asked.get(said.scraped)?.();
  }

  leave(): void {
    this.#socket.destroy();
  }

  /** Of one that died, what it told last is all that is known. */
  gone(): void {
    for (const resolve of this.#asked.values()) resolve();
    if (this.#live !== undefined) this.#past.add(this.#live);
    this.#live = undefined;
  }
}
