import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { retrying, type Rpc } from "../../../stress/engine/rpc/index.ts";
import { systemClock } from "../../../stress/platform/system-clock.ts";
import { openNode } from "../../fakes/json-rpc-server.ts";
import { lineTo } from "../../fakes/rpc-calls.ts";
import { type FaultyProxy, openFaultyProxy } from "../../proxy/faulty-proxy.ts";

/** Enough to make the failure of a single read out of all these less likely than a broken machine. */
// A machine that stands still for a moment answers nothing in time, whatever the proxy does.
const PATIENCE = { attempts: 60, firstPause: 5, longestPause: 100 };

const LANES = 20;
const READS = 12;
const TIMEOUT_MS = 100;

/** An echoing node behind a proxy that hits 30 % of the messages. Time-outs are longer than the engine waits. */
async function openFaulty(seed: number): Promise<FaultyProxy> {
  const { url: upstream } = await openNode();
  const proxy = await openFaultyProxy({ upstream, seed, percent: 30, holdFor: 500, retryAfter: 0 });
  onTestFinished(() => proxy.close());
  return proxy;
}

/** Faults that show something. How many messages the reads share, and how many of these are hit, is the machine's doing. */
const ENOUGH_FAULTS = 10;

/** Injected faults that are errors: an answer out of order is none, nor is being sent elsewhere. */
const injectedBy = ({ counts }: FaultyProxy): number =>
  sum(counts) - counts["out of order"] - counts.redirect;

/** Reads until enough went wrong, and tells how often all lanes read. */
async function readThrough(rpc: Rpc, proxy: FaultyProxy): Promise<number> {
  for (let round = 1; ; round++) {
    await readAll(rpc);
    if (injectedBy(proxy) >= ENOUGH_FAULTS) return round;
  }
}

/** Reads at the same time, one after the other in each lane; each has to give what it should. */
async function readAll(rpc: Rpc): Promise<void> {
  const calm = retrying(rpc, systemClock, PATIENCE);
  const lane = async (number: number): Promise<void> => {
    for (let read = 0; read < READS; read++) {
      const value = `${number}/${read}`;
      expect(await calm.send("echo", [value])).toBe(value);
      // Lanes in step would share all of their messages, and few messages would be hit.
      await sleep((number * 7 + read * 5) % 31);
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
}

/** What went wrong has to be seen in the traffic: neither less than the proxy did, nor silently repeated. */
function expectTold(rpc: Rpc, proxy: FaultyProxy, rounds: number): void {
  const { requests, repeated, errors } = rpc.traffic.snapshot();
  expect(requests - repeated).toBe(LANES * READS * rounds);
  // Each message that is sent elsewhere is sent twice.
  const twice = proxy.counts.redirect * LANES;
  expect(proxy.methods.get("echo")).toBeLessThanOrEqual(requests + twice);
  expect(sum(errors)).toBeGreaterThanOrEqual(injectedBy(proxy));
}

const sum = (numbers: Readonly<Record<string, number>>): number =>
  Object.values(numbers).reduce((total, number) => total + number, 0);

test("over HTTP every patient read ends with the right answer, though 30 % of the messages go wrong", async () => {
  const proxy = await openFaulty(11);
  const rpc = lineTo(proxy.url, TIMEOUT_MS);
  expectTold(rpc, proxy, await readThrough(rpc, proxy));
});

test("over WebSocket, too", async () => {
  const proxy = await openFaulty(12);
  const rpc = lineTo(proxy.wsUrl, TIMEOUT_MS);
  expectTold(rpc, proxy, await readThrough(rpc, proxy));
});

test("over two endpoints of which one is gone, too", async () => {
  const [gone, there] = [await openFaulty(13), await openFaulty(14)];
  gone.pause();
  await readAll(lineTo([gone.url, there.url], TIMEOUT_MS));
  expect(there.methods.get("echo")).toBeGreaterThanOrEqual(LANES * READS);
});
