import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { classifyRpcError, retryAfter } from "../../../stress/engine/rpc/index.ts";
import { type AnswerWebSocket, openNode, right, rightText } from "../../fakes/json-rpc-server.ts";
import { echoes, failureOf, lineTo } from "../../fakes/rpc-calls.ts";

describe("calls over a WebSocket", () => {
  test("travel together over one socket, and each gets its own answer", async () => {
    const node = await openNode();
    const rpc = lineTo(node.wsUrl);
    const values = Array.from({ length: 150 }, (_, at) => at);
    expect(await echoes(rpc, ...values)).toEqual(values);
    expect(await echoes(rpc, "later")).toEqual(["later"]);
    expect(node.batches).toEqual([100, 50, 1]);
    expect(node.sockets.size).toBe(1);
    expect(rpc.traffic.snapshot()).toMatchObject({ requests: 151, webSocketMessages: 3, httpRequests: 0 });
  });

  test("may be answered out of order, one by one, between other messages", async () => {
    const ws: AnswerWebSocket = (calls, socket) => {
      socket.send('{"jsonrpc":"2.0","method":"eth_subscription","params":{}}');
      socket.send('{"jsonrpc":"2.0","id":12345,"result":"somebody else\'s"}');
      for (const call of calls.toReversed()) socket.send(JSON.stringify(right(call)));
    };
    expect(await echoes(lineTo((await openNode({ ws })).wsUrl), 1, 2, 3)).toEqual([1, 2, 3]);
  });

  test("of several messages may be answered in any order", async () => {
    const kept: (() => void)[] = [];
    const ws: AnswerWebSocket = (calls, socket) => {
      kept.unshift(() => socket.send(rightText(calls)));
      if (kept.length === 2) for (const send of kept) send();
    };
    const node = await openNode({ ws });
    const rpc = lineTo(node.wsUrl);
    const first = echoes(rpc, "a", "b");
    await expect.poll(() => node.batches).toHaveLength(1);
    expect(await Promise.all([first, echoes(rpc, "c")])).toEqual([["a", "b"], ["c"]]);
  });

  test("fail one by one where a node's error or a gap is about one", async () => {
    const ws: AnswerWebSocket = ([first, second, third], socket) => {
      const error = { code: -32_000, message: "insufficient funds for transfer" };
      const answers = [first && right(first), { jsonrpc: "2.0", id: second?.id, error }];
      socket.send(JSON.stringify(third === undefined ? first && right(first) : answers));
    };
    const rpc = lineTo((await openNode({ ws })).wsUrl);
    const [first, second, third] = await echoes(rpc, 1, 2, 3);
    expect(first).toBe(1);
    expect(classifyRpcError(second)).toBe("insufficient funds");
    expect(third).toMatchObject({ kind: "missing answer" });
    expect(rpc.traffic.snapshot().errors).toEqual({ "insufficient funds": 1, "missing answer": 1 });
  });

  test("all fail where one error without an id stands for them", async () => {
    const ws: AnswerWebSocket = (_, socket) =>
      socket.send('{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"too many requests"}}');
    const rpc = lineTo((await openNode({ ws })).wsUrl);
    expect((await echoes(rpc, 1, 2)).map(classifyRpcError)).toEqual(["busy", "busy"]);
  });
});

describe("heads over a WebSocket", () => {
  /** A node that tells of a head right after each call but the subscription, which it takes or refuses. */
  const telling = (takesSubscriptions: boolean) => {
    const subscribed: string[] = [];
    const ws: AnswerWebSocket = (calls, socket) => {
      for (const call of calls) {
        const isSubscription = call.method === "eth_subscribe";
        if (isSubscription) subscribed.push(JSON.stringify(call.params));
        const error = { code: -32_601, message: "notifications not supported" };
        const refused = isSubscription && !takesSubscriptions;
        socket.send(JSON.stringify(refused ? { jsonrpc: "2.0", id: call.id, error } : right(call)));
        if (!isSubscription && takesSubscriptions)
          socket.send(
            '{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{}}}',
          );
      }
    };
    return { ws, subscribed };
  };

  test("are told to who follows them, on a socket that was open before, and on the next one", async () => {
    const { ws, subscribed } = telling(true);
    const node = await openNode({ ws });
    const rpc = lineTo(node.wsUrl);
    expect(await echoes(rpc, "first")).toEqual(["first"]);
    let heads = 0;
    rpc.followHeads?.(() => heads++);
    expect(await echoes(rpc, "second")).toEqual(["second"]);
    await expect.poll(() => heads).toBeGreaterThan(0);
    const closed = [...node.sockets].map((socket) => once(socket.end(), "close"));
    await Promise.all(closed);
    const before = heads;
    await expect.poll(() => echoes(rpc, "third")).toEqual(["third"]);
    await expect.poll(() => heads).toBeGreaterThan(before);
    expect(subscribed).toEqual(['["newHeads"]', '["newHeads"]']);
  });

  test("are not told where the node has no subscriptions, and nothing else changes", async () => {
    const { ws, subscribed } = telling(false);
    const rpc = lineTo((await openNode({ ws })).wsUrl);
    let heads = 0;
    rpc.followHeads?.(() => heads++);
    expect(await echoes(rpc, "first", "second")).toEqual(["first", "second"]);
    expect(subscribed).toEqual(['["newHeads"]']);
    expect(heads).toBe(0);
    expect(rpc.traffic.snapshot().errors).toEqual({});
  });
});

describe("a WebSocket that drops", () => {
  test("fails what waits for it, and the next call opens another", async () => {
    const node = await openNode({ ws: (_, socket) => socket.terminate() });
    const rpc = lineTo(node.wsUrl);
    const thrown = await echoes(rpc, 1, 2);
    expect(thrown.map(classifyRpcError)).toEqual(["no answer", "no answer"]);
    expect(rpc.traffic.snapshot().errors).toEqual({ "connection closed": 1 });
    delete node.behaviour.ws;
    expect(await echoes(rpc, "again")).toEqual(["again"]);
    expect(node.sockets.size).toBe(2);
  });

  test("while nothing waits for it is opened again by the next call", async () => {
    const node = await openNode();
    const rpc = lineTo(node.wsUrl);
    await echoes(rpc, 1);
    // Closed from both sides: the line knows.
    const closed = [...node.sockets].map((socket) => once(socket.end(), "close"));
    await Promise.all(closed);
    expect(await echoes(rpc, 2)).toEqual([2]);
    expect(rpc.traffic.snapshot().errors).toEqual({});
  });

  test("for saying nothing is told as a time-out, and given up", async () => {
    const node = await openNode({ ws: () => undefined });
    const rpc = lineTo(node.wsUrl, 2000);
    expect(await failureOf(rpc)).toMatchObject({ kind: "time-out" });
    delete node.behaviour.ws;
    expect(await echoes(rpc, "again")).toEqual(["again"]);
    expect(node.sockets.size).toBe(2);
  });

  test("for speaking nonsense fails what waits for it", async () => {
    const rpc = lineTo((await openNode({ ws: (_, socket) => socket.send("[{") })).wsUrl);
    expect(await failureOf(rpc)).toMatchObject({ kind: "not JSON" });
  });
});

describe("a WebSocket that cannot be opened", () => {
  test("since nobody listens is told so", async () => {
    const node = await openNode();
    await node.close();
    expect(await failureOf(lineTo(node.wsUrl))).toMatchObject({ kind: "connection refused" });
  });

  test("since the endpoint is busy is told so, with how long", async () => {
    const handshake = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 4\r\nContent-Length: 0\r\n\r\n";
    const thrown = await failureOf(lineTo((await openNode({ handshake })).wsUrl));
    expect(classifyRpcError(thrown)).toBe("busy");
    expect(retryAfter(thrown)).toBe(4000);
  });

  test("since the endpoint speaks no WebSocket is told by its status", async () => {
    const handshake = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    expect(await failureOf(lineTo((await openNode({ handshake })).wsUrl))).toMatchObject({ kind: "404" });
  });

  test("since its handshake is never answered is told as a time-out", async () => {
    const rpc = lineTo((await openNode({ handshake: null })).wsUrl, 100);
    expect(await failureOf(rpc)).toMatchObject({ kind: "time-out" });
  });
});

test("calls of a closed WebSocket are refused", async () => {
  const node = await openNode({ ws: () => undefined });
  const rpc = lineTo(node.wsUrl);
  const waiting = failureOf(rpc);
  await expect.poll(() => node.batches).toHaveLength(1);
  await rpc.close();
  expect([await waiting, await failureOf(rpc)].map(classifyRpcError)).toEqual(["refused", "refused"]);
  expect(rpc.traffic.snapshot().errors).toEqual({});
});
