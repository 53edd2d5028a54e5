import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { formatOnly, type Selection } from "./selection.ts";
import type { Judge } from "./shrink.ts";
import type { Verdict } from "./verdict.ts";

/** A world, as a worker is sent it. */
export type Request = Omit<Selection, "only"> & { readonly only?: string };

const fileOf = (name: string): string => join(import.meta.dirname, name);

/** Node's arguments for a process into whose modules a bug is planted. */
export const planting = (bug: string | undefined): string[] =>
  bug === undefined ? [] : ["--import", `${pathToFileURL(fileOf("plant.ts")).href}?bug=${bug}`];

/** Worker processes that run worlds: as many at a time as there are of them. */
export class Judges {
  readonly #idle: ChildProcess[];
  readonly #all: readonly ChildProcess[];
  readonly #waiting: ((worker: ChildProcess) => void)[] = [];

  /** @param bug planted into all of them */
  constructor(count: number, bug: string | undefined) {
    this.#all = Array.from({ length: count }, () =>
      fork(fileOf("worker.ts"), { execArgv: planting(bug), stdio: ["ignore", "inherit", "inherit", "ipc"] }),
    );
    this.#idle = [...this.#all];
  }

  /** Runs a world as soon as a worker is free. */
  readonly judge: Judge = async (selection) => {
    const worker = this.#idle.pop() ?? (await new Promise<ChildProcess>((take) => this.#waiting.push(take)));
    const { only, ...rest } = selection;
    const request: Request = only === undefined ? rest : { ...rest, only: formatOnly(only) };
    try {
      return await answer(worker, request);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(worker);
      else next(worker);
    }
  };

  close(): void {
    for (const worker of this.#all) if (worker.connected) worker.disconnect();
  }
}

async function answer(worker: ChildProcess, request: Request): Promise<Verdict> {
  const ended = new AbortController();
  const dead = once(worker, "exit", { signal: ended.signal }).then(() => {
    throw new Error("a worker ended before its world did");
  });
  worker.send(request);
  try {
    const [verdict] = (await Promise.race([once(worker, "message", { signal: ended.signal }), dead])) as [
      Verdict,
    ];
    return verdict;
  } finally {
    ended.abort();
    dead.catch(() => undefined);
  }
}
