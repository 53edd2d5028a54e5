import { parseEther, Wallet } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { perChain } from "../../stress/engine/base/chain.ts";
import { openFaultyProxy } from "../proxy/faulty-proxy.ts";
import type { Followers } from "./follow-events.ts";
import { openTestBed, runOn, type TestBed, testTarget } from "./running.ts";

/** Another of the local stack's test accounts. */
const STRANGER = new Wallet("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6");

const FOREVER = Number.POSITIVE_INFINITY;

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("strangers' payments to our accounts are booked as such, and the books close at 0 wei", async () => {
  const { result } = await runOn(bed, {
    children: 2,
    startChain: 2,
    duration: FOREVER,
    drive: async ([one, two], proofs) => {
      await one?.perform("PY");
      for (const [chain, child] of [
        [1, one],
        [2, two],
      ] as const) {
        const sent = await STRANGER.connect(bed.providers[chain]).sendTransaction({
          to: child?.address ?? null,
          value: parseEther("0.25"),
        });
        await sent.wait();
      }
      await two?.perform("SX");
      const { ledger } = await proofs.prove();
      expect(ledger.unaccounted).toEqual({ 1: 0n, 2: 0n });
    },
  });
  const strange = perChain((chain) => {
    const books = result.ledger.chains[chain];
    return books.kind === "reconciled" ? books.causes["from strangers"] : undefined;
  });
  expect(strange).toEqual({ 1: { balance: parseEther("0.25") }, 2: { balance: parseEther("0.25") } });
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.findings).toEqual([]);
});

test("a run whose blocks count only when others follow closes its books as well", async () => {
  const stack = {
    ...bed.stack,
    chains: perChain((chain) => ({ ...bed.stack.chains[chain], confirmations: 2 })),
  };
  const { result } = await runOn({ ...bed, stack }, { children: 6, duration: 3000 });
  expect(result.failed).toEqual([]);
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce({ late: 0, outOfOrder: 0, inFlight: 0, settledBack: 0 });
  expect(result.clean).toBe(true);
});

test("an endpoint that stays dead ends the run as a dirty shutdown that names it, with all that recovery needs", async () => {
  const upstream = bed.stack.chains[2].endpoints[0];
  const proxy = await openFaultyProxy({ upstream, seed: 1, percent: 0 });
  const chains = { ...bed.stack.chains, 2: { ...bed.stack.chains[2], endpoints: [proxy.url] as const } };
  const limits = { ...testTarget().limits, endpointDeadAfter: 2000 };
  // It dies when the children have their money.
  const follow: Followers = [{ "operation done": ({ code }) => void (code !== "IF" && proxy.pause()) }];
  const { result, opLog, printed } = await runOn(
    { ...bed, stack: { ...bed.stack, chains } },
    { children: 4, duration: FOREVER, target: { ...testTarget(), limits }, limits, follow },
  );
  proxy.close();
  expect(result.reason).toMatchObject({ kind: "endpoint", chain: 2, endpoint: proxy.url });
  expect(printed.join("\n")).toContain(proxy.url);
  expect(result.clean).toBe(false);
  expect(opLog.trimEnd().split("\n").at(-1)).toMatch(/^# Dirty shutdown at /);
  expect(() => expect(result).toConserveFunds()).toThrow("L2 could not be read");
});
