import { describe, expect, onTestFinished, test } from "vitest";
import type { Rpc } from "../../stress/engine/rpc/index.ts";
import { FakeChain, hashOf } from "../fakes/chain.ts";
import { openNode } from "../fakes/json-rpc-server.ts";
import { lineTo } from "../fakes/rpc-calls.ts";
import { type FaultyProxy, openFaultyProxy } from "./faulty-proxy.ts";
import type { FaultKind } from "./kinds.ts";

const A = hashOf("a");

/** A chain of ten blocks, and one with transaction A at the top, behind a proxy with one fault. */
async function chainBehind(
  kind: FaultKind,
): Promise<{ readonly send: Rpc["send"]; readonly proxy: FaultyProxy }> {
  const chain = new FakeChain();
  chain.mine({ hash: A, logs: [{ address: A.slice(0, 42), topics: [A], data: "0x01" }] });
  const node = await openNode({
    http: (calls, response) => {
      const answers = calls.map(({ id, method, params }) => ({ id, result: chain.real(method, params) }));
      response.end(JSON.stringify(answers.length === 1 ? answers[0] : answers));
    },
  });
  const proxy = await openFaultyProxy({ upstream: node.url, seed: 3, percent: 100, kinds: [kind] });
  onTestFinished(() => proxy.close());
  const rpc = lineTo(proxy.url);
  return { send: (method, params) => rpc.send(method, params), proxy };
}

describe("a node that is behind", () => {
  test("tells an older head, and does not know the blocks above it", async () => {
    const { send, proxy } = await chainBehind("stale head");
    const head = Number(await send("eth_blockNumber", []));
    expect(head).toBeGreaterThanOrEqual(7);
    expect(head).toBeLessThan(10);
    expect(
      await Promise.all([
        send("eth_getBlockByNumber", ["0xa", false]),
        send("eth_getBlockReceipts", ["0xa"]),
        send("eth_getTransactionReceipt", [A]),
        send("eth_getBlockByNumber", ["0x1", false]),
      ]),
    ).toEqual([null, null, null, expect.objectContaining({ number: "0x1" })]);
    expect(proxy.counts["stale head"]).toBe(2);
  });

  test("cannot tell a balance of a block that it does not know", async () => {
    const { send } = await chainBehind("stale head");
    const [, balance] = await Promise.allSettled([
      send("eth_blockNumber", []),
      send("eth_getBalance", ["0x00", "0xa"]),
    ]);
    expect(balance).toMatchObject({ reason: { message: "header not found" } });
  });
});

test("a mined transaction's receipt is null for a while, and then stays", async () => {
  const { send, proxy } = await chainBehind("null receipt");
  const told: boolean[] = [];
  for (let time = 0; time < 6; time++) told.push((await send("eth_getTransactionReceipt", [A])) !== null);
  const nulls = told.indexOf(true);
  expect(nulls).toBeGreaterThanOrEqual(1);
  expect(nulls).toBeLessThanOrEqual(3);
  expect(told.slice(nulls)).not.toContain(false);
  expect(proxy.counts["null receipt"]).toBe(nulls);
});

test("blocks without events have neither logs nor blooms; a transaction's own receipt has them", async () => {
  const { send } = await chainBehind("no events");
  const header = await send("eth_getBlockByNumber", ["0xa", false]);
  expect(header).toMatchObject({ number: "0xa", transactions: [A] });
  expect(header).not.toHaveProperty("logsBloom");
  expect(await send("eth_getBlockReceipts", ["0xa"])).toMatchObject([{ transactionHash: A, logs: [] }]);
  expect(await send("eth_getTransactionReceipt", [A])).toMatchObject({ logs: [{ data: "0x01" }] });
});

test("receipts without price and block are of the same transactions", async () => {
  const { send } = await chainBehind("bare receipts");
  const bare = { transactionHash: A, effectiveGasPrice: null, blockNumber: null, blockHash: null };
  expect(await send("eth_getTransactionReceipt", [A])).toMatchObject(bare);
  expect(await send("eth_getBlockReceipts", ["0xa"])).toMatchObject([bare]);
  expect(await send("eth_getBlockByNumber", ["0xa", false])).toMatchObject({ number: "0xa" });
});
