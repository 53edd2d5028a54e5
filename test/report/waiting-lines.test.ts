import { expect, onTestFinished, test } from "vitest";
import { perChain } from "../../stress/engine/base/index.ts";
import type { SentTransaction } from "../../stress/engine/transactions/index.ts";
import { tellWaiting } from "../../stress/report/waiting-lines.ts";
import { FakeClock } from "../fakes/clock.ts";
import { resetTimers, wakeAll } from "../fakes/timers.ts";

/** Two chains as who watches them sees them. */
function watched() {
  const clock = new FakeClock(0);
  const chains = perChain(() => ({
    readTo: 7,
    failingSince: undefined as number | undefined,
    waiting: [] as SentTransaction[],
    waitingForMessages: 0,
  }));
  const said: string[] = [];
  const end = tellWaiting(
    {
      clock,
      watchers: perChain((chain) => ({
        get readTo() {
          return chains[chain].readTo;
        },
        get health() {
          return { failingSince: chains[chain].failingSince };
        },
        get waitingForMessages() {
          return chains[chain].waitingForMessages;
        },
      })),
      nodes: perChain((chain) => ({ names: [`http://l${chain}`] })),
      transactions: { count: (chain) => chains[chain].waiting.length },
    },
    (line) => said.push(line),
  );
  onTestFinished(() => {
    end();
    resetTimers();
  });
  /** Lets seconds pass in which nothing happens. */
  const pass = async (seconds: number): Promise<void> => {
    for (let at = 0; at < seconds; at += 5) {
      clock.advance(5000);
      await wakeAll();
    }
  };
  return { chains, said, pass };
}

test("an endpoint that does not answer is told within a minute, again each minute, and its return", async () => {
  const { chains, said, pass } = watched();
  chains[1].failingSince = 0;
  await pass(25);
  expect(said).toEqual([]);
  await pass(5);
  expect(said).toEqual(["WARNING L1: http://l1 has not answered for 30.0 s; it is asked again and again"]);
  await pass(60);
  expect(said).toHaveLength(2);
  expect(said[1]).toContain("90.0 s");
  chains[1].failingSince = undefined;
  chains[1].readTo = 9;
  await pass(20);
  expect(said.slice(2)).toEqual(["L1 goes on: block 9"]);
});

test("a chain that makes no block is told as soon as something waits for one, and only then", async () => {
  const { chains, said, pass } = watched();
  await pass(600);
  expect(said).toEqual([]);
  chains[2].waitingForMessages = 3;
  await pass(25);
  expect(said).toEqual([]);
  await pass(5);
  expect(said).toEqual([
    "WARNING L2 stands still: no block after 7 for 30.0 s, and 0 transactions and 3 payouts wait for one; does the chain make blocks?",
  ]);
  chains[2].readTo++;
  await pass(20);
  expect(said.slice(1)).toEqual(["L2 goes on: block 8"]);
});
