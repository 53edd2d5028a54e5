import { describe, expect, test } from "vitest";
import { Gate } from "../../fixtures/local-stack/gate.ts";
import { type Client, replyTo } from "../../fixtures/local-stack/json-rpc-reply.ts";
import type { Ask } from "../../fixtures/local-stack/protocol-stack.ts";

const here: Client = { isGone: () => false };

const batch = (size: number, method: string): string =>
  JSON.stringify(Array.from({ length: size }, (_, id) => ({ jsonrpc: "2.0", id, method })));

const reply = async (body: string, ask: Ask, client = here, gate = new Gate()): Promise<unknown> =>
  JSON.parse((await replyTo(body, gate, ask, client)) ?? "null");

describe("a batch", () => {
  test("of more than a thousand requests is refused", async () => {
    const ask: Ask = () => expect.unreachable("nothing of it is carried out");
    expect(await reply(batch(1001, "eth_chainId"), ask)).toMatchObject({
      error: { code: -32_600, message: "batch too large" },
    });
  });

  test("whose answers are large ends with refusals, and not with the process", async () => {
    let asked = 0;
    const ask: Ask = async () => {
      asked++;
      return "x".repeat(10_000_000);
    };
    const answers = (await reply(batch(5, "eth_getLogs"), ask)) as object[];
    expect(asked).toBe(3);
    expect(answers.map((answer) => "error" in answer)).toEqual([false, false, false, true, true]);
    expect(answers[4]).toEqual({
      jsonrpc: "2.0",
      id: 4,
      error: { code: -32_003, message: "response too large" },
    });
  });

  test("of heavy calls lets a block pass in between, whoever else calls, too", async () => {
    const gate = new Gate();
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const ask: Ask = async (method) => {
      order.push(method);
      if (order.length === 1) await first.promise;
      return null;
    };
    const both = [reply(batch(3, "eth_call"), ask, here, gate), reply(batch(3, "eth_call"), ask, here, gate)];
    await expect.poll(() => order.length).toBe(1);
    const block = gate.close(async () => void order.push("block"));
    first.resolve();
    await Promise.all([block, ...both]);
    expect(order.slice(0, 2)).toEqual(["eth_call", "block"]);
    expect(order).toHaveLength(7);
  });

  test("of transactions lets others go past it: who asks for a block does not wait for all of them", async () => {
    const order: string[] = [];
    const waiting: (() => void)[] = [];
    const ask: Ask = async (method) => {
      order.push(method);
      if (method === "eth_sendRawTransaction") await new Promise<void>((taken) => waiting.push(taken));
      return null;
    };
    const gate = new Gate();
    const sent = Array.from({ length: 20 }, () =>
      reply(batch(10, "eth_sendRawTransaction"), ask, here, gate),
    );
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    expect(waiting.length).toBeLessThan(50);
    await reply(batch(1, "eth_blockNumber"), ask, here, gate);
    expect(order.filter((method) => method === "eth_blockNumber")).toHaveLength(1);
    const all = Promise.all(sent);
    const take = setInterval(() => waiting.splice(0).forEach((taken) => taken()), 1);
    await all;
    clearInterval(take);
    expect(order).toHaveLength(201);
  });

  test("whose client is gone is not carried on with", async () => {
    const asked: string[] = [];
    const client: Client = { isGone: () => asked.length > 1 };
    const ask: Ask = async (method) => asked.push(method);
    expect(await reply(batch(10, "eth_call"), ask, client)).toBeNull();
    expect(asked).toHaveLength(2);
  });
});

test("an answer that no string can hold is refused", async () => {
  const ask: Ask = async () => ({
    toJSON: () => {
      throw new RangeError("Invalid string length");
    },
  });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "eth_getLogs" });
  expect(await reply(body, ask)).toMatchObject({ id: 7, error: { code: -32_003 } });
});
