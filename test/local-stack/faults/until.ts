import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 60_000;

/**
 * Asks until there is an answer. Unlike `expect.poll` it serves outside of tests, too.
 *
 * @param patience milliseconds: more than the busiest of machines takes
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  patience = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(30);
  }
  throw new Error(`no ${what} within ${patience / 1000} s`);
}
