import { describe, expect, test } from "vitest";
import { retrying } from "../../../stress/engine/rpc/index.ts";
import { systemClock } from "../../../stress/platform/system-clock.ts";
import { type AnswerHttp, openNode, right } from "../../fakes/json-rpc-server.ts";
import { echoes, failureOf, lineTo } from "../../fakes/rpc-calls.ts";

const down: AnswerHttp = (_, response) => response.writeHead(502).end();

const refusing: AnswerHttp = ([call], response) =>
  response.end(JSON.stringify({ id: call?.id, error: { code: -32_000, message: "nonce too low" } }));

/** Nodes that do as said, or answer well; and a line to all of them. */
async function lineToAll(...behaviours: readonly (AnswerHttp | undefined)[]) {
  const nodes = await Promise.all(behaviours.map((http) => openNode(http === undefined ? {} : { http })));
  const [first = "", ...others] = nodes.map(({ url }) => url);
  return { nodes, rpc: lineTo([first, ...others]), urls: [first, ...others] };
}

describe("of several endpoints", () => {
  test("the first is used as long as it answers", async () => {
    const { nodes, rpc, urls } = await lineToAll(undefined, undefined);
    for (const value of [1, 2, 3]) expect(await echoes(rpc, value)).toEqual([value]);
    expect(nodes.map(({ batches }) => batches.length)).toEqual([3, 0]);
    expect(rpc.name).toBe(urls[0]);
    expect(rpc.names).toEqual(urls);
  });

  test("the next one is used after one that fails, and the failed call fails", async () => {
    const { rpc, urls } = await lineToAll(down, undefined, undefined);
    expect(await failureOf(rpc)).toMatchObject({ kind: "5xx" });
    expect(rpc.name).toBe(urls[1]);
    expect(await echoes(rpc, "well")).toEqual(["well"]);
  });

  test("the first comes after the last", async () => {
    const { nodes, rpc, urls } = await lineToAll(down, down);
    const [first] = nodes;
    await failureOf(rpc);
    await failureOf(rpc);
    expect(rpc.name).toBe(urls[0]);
    delete first?.behaviour.http;
    expect(await echoes(rpc, "well again")).toEqual(["well again"]);
  });

  test("only one is passed over where many calls fail together", async () => {
    const { rpc, urls } = await lineToAll(down, undefined, undefined);
    await echoes(rpc, 1, 2, 3);
    expect(rpc.name).toBe(urls[1]);
  });

  test("none is passed over for a node's word", async () => {
    const { rpc, urls } = await lineToAll(refusing, undefined);
    await failureOf(rpc);
    expect(rpc.name).toBe(urls[0]);
  });

  test("one may speak HTTP and another one WebSocket", async () => {
    const [first, second] = [await openNode({ http: down }), await openNode()];
    const rpc = lineTo([first.url, second.wsUrl]);
    expect(await retrying(rpc, systemClock, { firstPause: 1 }).send("echo", ["over the socket"])).toBe(
      "over the socket",
    );
    expect(rpc.name).toBe(second.wsUrl);
    expect(rpc.traffic.snapshot()).toEqual({
      endpoints: [first.url, second.wsUrl],
      requests: 2,
      httpRequests: 1,
      webSocketMessages: 1,
      repeated: 1,
      errors: { "5xx": 1 },
    });
  });

  test("one that is asked again names the endpoint in use, too", async () => {
    const { rpc, urls } = await lineToAll(down, undefined);
    const calm = retrying(rpc, systemClock, { firstPause: 1 });
    await calm.send("echo", [1]);
    expect([calm.name, ...calm.names]).toEqual([urls[1], ...urls]);
  });
});

describe("traffic", () => {
  test("does not count the question for a method that the node does not have as an error", async () => {
    const http: AnswerHttp = (calls, response) =>
      response.end(
        JSON.stringify(
          calls.map((call) =>
            call.method === "echo"
              ? right(call)
              : { id: call.id, error: { code: -32_601, message: "Method not found" } },
          ),
        ),
      );
    const rpc = lineTo((await openNode({ http })).url);
    const send = (method: string) => rpc.send(method, []).catch(() => undefined);
    await send("eth_getBlockReceipts");
    expect(rpc.traffic.snapshot().errors).toEqual({});
    await send("eth_other");
    expect(rpc.traffic.snapshot().errors).toEqual({ refused: 1 });
  });

  test("names a node's bare internal error", async () => {
    const http: AnswerHttp = ([call], response) =>
      response.end(JSON.stringify({ id: call?.id, error: { code: -32_603, message: "Internal error" } }));
    const rpc = lineTo((await openNode({ http })).url);
    await failureOf(rpc);
    expect(rpc.traffic.snapshot().errors).toEqual({ "internal error": 1 });
  });
});
