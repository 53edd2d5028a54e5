import { expect, test } from "vitest";
import { describeEnd, isBad } from "../../../stress/engine/base/stop.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { FakeChain } from "../../fakes/chain.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { watching } from "../../fakes/watching.ts";

/** A fake chain that was started anew: none of its blocks is the same, not even the first. */
function startAnew(chain: FakeChain, blocks: number): void {
  chain.fork(chain.head + 1);
  for (let number = 0; number < blocks; number++) chain.mine();
}

test.each([
  ["is not as long yet", 4],
  ["is as long already", 14],
])("a chain that was started anew and %s is another chain, and no reorganisation", async (_, blocks) => {
  const chain = new FakeChain();
  const { watcher, lines, stream } = await watching(chain);
  const reorganisations = eventsOf(stream, "reorganisation");
  const told = eventsOf(stream, "block");
  chain.mine();
  await wakeAll();
  expect([watcher.isAnotherChain, told.length]).toEqual([false, 1]);
  startAnew(chain, blocks);
  await wakeAll(6);
  expect(watcher.isAnotherChain).toBe(true);
  expect([reorganisations, told.length]).toEqual([[], 1]);
  expect(lines.filter((line) => line.startsWith("WARNING"))).toEqual([
    "WARNING this is another chain: its first block is not what it was",
  ]);
});

test("one answer, or two, do not make it another chain: what they told of is read again", async () => {
  const chain = new FakeChain();
  const { watcher, stream } = await watching(chain);
  const reorganisations = eventsOf(stream, "reorganisation");
  chain.mine();
  await wakeAll();
  const { readTo } = watcher;
  let answers = 0;
  chain.answer("eth_blockNumber", () => "0x5");
  chain.answer("eth_getBlockByNumber", (...params) => {
    const block = chain.real("eth_getBlockByNumber", params) as Record<string, unknown>;
    return params[0] === "0x0" && ++answers <= 2 ? { ...block, hash: `0x${"ab".repeat(32)}` } : block;
  });
  await wakeAll(4);
  chain.unanswer("eth_blockNumber");
  chain.mine();
  await wakeAll(2);
  expect([answers > 2, watcher.isAnotherChain, reorganisations]).toEqual([true, false, []]);
  expect(watcher.readTo).toBe(readTo + 1);
});

test("a node that lags behind, or has no first block, is none", async () => {
  const chain = new FakeChain();
  const { watcher } = await watching(chain);
  chain.mine();
  chain.mine();
  await wakeAll();
  chain.answer("eth_blockNumber", () => "0x5");
  await wakeAll(2);
  chain.answer("eth_getBlockByNumber", (number) =>
    number === "0x0" ? null : chain.real("eth_getBlockByNumber", [number]),
  );
  await wakeAll(2);
  expect(watcher.isAnotherChain).toBe(false);
});

test("it ends a run for a bad reason that names the endpoint", () => {
  const reason = { kind: "other chain", chain: 2, endpoint: "http://127.0.0.1:8545" } as const;
  expect(isBad(reason)).toBe(true);
  expect(describeEnd(reason)).toMatch(
    /^another chain is at http:\/\/127\.0\.0\.1:8545 \(chain 2\) than when it began/,
  );
});
