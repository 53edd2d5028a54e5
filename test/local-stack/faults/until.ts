import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 10_000;

/** Asks until there is an answer. Unlike `expect.poll` it serves outside of tests, too. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(30);
  }
  throw new Error(`no ${what} within ${PATIENCE_MS / 1000} s`);
}
