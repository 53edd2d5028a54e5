import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  classifyRpcError,
  NoAnswer,
  NodeError,
  parseRetryAfter,
  retryAfter,
  retrying,
} from "../../../stress/engine/rpc/index.ts";
import { systemClock } from "../../../stress/platform/system-clock.ts";
import { type AnswerHttp, openNode, right, rightText } from "../../fakes/json-rpc-server.ts";
import { echoes, failureOf, lineTo } from "../../fakes/rpc-calls.ts";

const nodeErrorOf = (id: number, message: string, code = -32_000) => ({
  jsonrpc: "2.0",
  id,
  error: { code, message },
});

const status =
  (code: number, body = "", headers: Record<string, string> = {}): AnswerHttp =>
  (_, response) =>
    response.writeHead(code, headers).end(body);

const HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";

const TOO_LARGE = JSON.stringify({
  jsonrpc: "2.0",
  id: null,
  error: { code: -32_600, message: "batch is too large" },
});

describe("what is no answer of a node over HTTP", () => {
  test.each<[string, AnswerHttp, string, string]>([
    ["status 429", status(429, "slow down"), "429", "busy"],
    ["status 429 with a JSON-RPC body", status(429, rightText([])), "429", "busy"],
    ["status 503", status(503), "503", "busy"],
    ["status 500", status(500, "Internal Server Error"), "5xx", "no answer"],
    ["status 502 with HTML", status(502, HTML), "5xx", "no answer"],
    ["status 401 with JSON", status(401, '{"error":"unauthorized"}'), "401", "no answer"],
    ["status 301", status(301, "", { location: "https://elsewhere.example" }), "redirect", "no answer"],
    ["HTML with status 200", status(200, HTML), "not JSON", "no answer"],
    ["nothing with status 200", status(200), "not JSON", "no answer"],
    [
      "a truncated body",
      (calls, response) => response.end(rightText(calls).slice(0, -3)),
      "not JSON",
      "no answer",
    ],
    ["JSON that is no answer", status(200, '"fine"'), "not JSON-RPC", "no answer"],
    [
      "an answer without result or error",
      status(200, '{"id":1,"jsonrpc":"2.0"}'),
      "missing answer",
      "no answer",
    ],
    ["an answer to another call", status(200, '{"id":99,"result":1}'), "missing answer", "no answer"],
    [
      "a connection reset",
      (_, response) => response.socket?.resetAndDestroy(),
      "connection reset",
      "no answer",
    ],
    ["a connection closed", (_, response) => response.socket?.end(), "connection reset", "no answer"],
    [
      "a body that breaks off",
      (_, response) => {
        response.writeHead(200, { "content-length": "999" }).write('{"id":1');
        setTimeout(() => response.destroy(), 20);
      },
      "connection reset",
      "no answer",
    ],
    ["silence", () => undefined, "time-out", "no answer"],
    ["a body that never ends", (_, response) => response.write("["), "time-out", "no answer"],
  ])("%s", async (_, http, kind, failure) => {
    const rpc = lineTo((await openNode({ http })).url, kind === "time-out" ? 150 : undefined);
    const thrown = await failureOf(rpc);
    expect(thrown).toMatchObject({ name: "NoAnswer", kind });
    expect(classifyRpcError(thrown)).toBe(failure);
    expect(rpc.traffic.snapshot()).toMatchObject({ requests: 1, httpRequests: 1, errors: { [kind]: 1 } });
  });

  test("an endpoint that is not there", async () => {
    const node = await openNode();
    await node.close();
    expect(await failureOf(lineTo(node.url))).toMatchObject({ kind: "connection refused" });
  });

  test("a host without an address", async () => {
    expect(await failureOf(lineTo("http://nobody.invalid"))).toMatchObject({ kind: "host not found" });
  });

  test("is not asked again by the transport itself", async () => {
    const node = await openNode({ http: status(429, "", { "retry-after": "0" }) });
    await failureOf(lineTo(node.url));
    expect(node.batches).toEqual([1]);
  });
});

describe("how long an endpoint wants to be left alone", () => {
  test("comes with the error", async () => {
    const node = await openNode({ http: status(503, "", { "retry-after": "3" }) });
    expect(retryAfter(await failureOf(lineTo(node.url)))).toBe(3000);
  });

  const now = Date.UTC(2026, 10, 23, 12, 0, 0);
  test.each([
    [undefined, 0],
    ["2", 2000],
    [" 2 ", 2000],
    ["3600", 30_000],
    ["Mon, 23 Nov 2026 12:00:05 GMT", 5000],
    ["Mon, 23 Nov 2026 13:00:00 GMT", 30_000],
    ["Mon, 23 Nov 2026 11:00:00 GMT", 0],
    ["soon", 0],
    ["", 0],
  ])("as %j is %i ms", (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});

test("what goes over the wire is counted by endpoint and method, and what is on its way", async () => {
  const held: (() => void)[] = [];
  const http: AnswerHttp = (calls, response) => void held.push(() => void response.end(rightText(calls)));
  const busy = await openNode({ http: status(429) });
  const slow = await openNode({ http });
  const rpc = lineTo([busy.url, slow.url]);
  const [first, second] = [busy.url, slow.url].map((url) => rpc.traffic.of(new URL(url).origin));
  await failureOf(rpc);
  expect(first).toMatchObject({ waiting: 0, underWay: 0, httpRequests: 1 });
  expect([...(first?.errors ?? [])]).toEqual([["429", 1]]);
  const answers = [rpc.send("echo", [1]), rpc.send("eth_chainId", [2]), rpc.send("echo", [3])];
  expect(second).toMatchObject({ waiting: 3, underWay: 0 });
  await expect.poll(() => held.length).toBe(1);
  expect(second).toMatchObject({ waiting: 0, underWay: 3 });
  held[0]?.();
  await Promise.all(answers);
  expect(second).toMatchObject({ waiting: 0, underWay: 0 });
  expect([...(second?.calls ?? [])]).toEqual([
    ["echo", 2],
    ["eth_chainId", 1],
  ]);
  expect(rpc.traffic.snapshot()).toMatchObject({ requests: 4, httpRequests: 2, errors: { "429": 1 } });
});

describe("a batch over HTTP", () => {
  test("may be answered out of order", async () => {
    const http: AnswerHttp = (calls, response) => response.end(JSON.stringify(calls.map(right).toReversed()));
    expect(await echoes(lineTo((await openNode({ http })).url), "a", "b", "c")).toEqual(["a", "b", "c"]);
  });

  test("may be answered with ids that were made texts", async () => {
    const http: AnswerHttp = (calls, response) =>
      response.end(JSON.stringify(calls.map(right).map((answer) => ({ ...answer, id: String(answer.id) }))));
    expect(await echoes(lineTo((await openNode({ http })).url), "a", "b")).toEqual(["a", "b"]);
  });

  test("fails only in the call that a node's error is about", async () => {
    const http: AnswerHttp = (calls, response) =>
      response.end(
        JSON.stringify(
          calls.map((call, at) => (at === 1 ? nodeErrorOf(call.id, "nonce too low") : right(call))),
        ),
      );
    const rpc = lineTo((await openNode({ http })).url);
    const [first, second, third] = await echoes(rpc, 1, 2, 3);
    expect([first, third]).toEqual([1, 3]);
    expect(second).toBeInstanceOf(NodeError);
    expect(classifyRpcError(second)).toBe("nonce too low");
    expect(rpc.traffic.snapshot().errors).toEqual({ "nonce too low": 1 });
  });

  test("fails only in the call whose answer is missing", async () => {
    const http: AnswerHttp = (calls, response) => response.end(JSON.stringify(calls.slice(1).map(right)));
    const [first, second] = await echoes(lineTo((await openNode({ http })).url), 1, 2);
    expect(first).toMatchObject({ kind: "missing answer" });
    expect(second).toBe(2);
  });

  test("fails as a whole where one error stands for all of it", async () => {
    const text = JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_005, message: "slow down" } });
    const rpc = lineTo((await openNode({ http: status(200, text) })).url);
    expect((await echoes(rpc, 1, 2)).map(classifyRpcError)).toEqual(["busy", "busy"]);
  });

  test("is told of its errors with a bad status all the same, as some nodes do", async () => {
    const http: AnswerHttp = (calls, response) =>
      response
        .writeHead(400)
        .end(JSON.stringify(calls.map(({ id }) => nodeErrorOf(id, "insufficient funds for transfer"))));
    const rpc = lineTo((await openNode({ http })).url);
    expect((await echoes(rpc, 1, 2)).map(classifyRpcError)).toEqual([
      "insufficient funds",
      "insufficient funds",
    ]);
  });

  test("whose message is lost counts as one error", async () => {
    const rpc = lineTo((await openNode({ http: status(500) })).url);
    const failed = await echoes(rpc, 1, 2, 3);
    expect(failed.every((one) => one instanceof NoAnswer)).toBe(true);
    expect(rpc.traffic.snapshot()).toMatchObject({ requests: 3, httpRequests: 1, errors: { "5xx": 1 } });
  });

  test("has at most a hundred calls", async () => {
    const node = await openNode();
    const values = Array.from({ length: 250 }, (_, at) => at);
    expect(await echoes(lineTo(node.url), ...values)).toEqual(values);
    expect(node.batches.sort((a, b) => b - a)).toEqual([100, 100, 50]);
  });

  test.each<[string, AnswerHttp]>([
    ["an error about all of it", status(200, TOO_LARGE)],
    ["such an error and a bad status", status(400, TOO_LARGE)],
    ["status 413", status(413, "Payload Too Large")],
  ])("that is too large for the node, which says so by %s, is made smaller", async (_, refuse) => {
    const http: AnswerHttp = (calls, response, request) =>
      calls.length > 10 ? refuse(calls, response, request) : response.end(rightText(calls));
    const node = await openNode({ http });
    const rpc = retrying(lineTo(node.url), systemClock, { firstPause: 1 });
    const values = Array.from({ length: 100 }, (_, at) => at);
    expect(await echoes(rpc, ...values)).toEqual(values);
    node.batches.length = 0;
    expect(await echoes(rpc, ...values)).toEqual(values);
    expect(Math.max(...node.batches)).toBeLessThanOrEqual(10);
  });

  test("that the node has no word for is told by its call alone, where that is refused", async () => {
    const rpc = retrying(lineTo((await openNode({ http: status(200, TOO_LARGE) })).url), systemClock, {
      firstPause: 1,
    });
    expect((await echoes(rpc, 1, 2)).map(classifyRpcError)).toEqual(["refused", "refused"]);
  });

  test("has at most a million characters or so", async () => {
    const node = await openNode();
    const values = Array.from({ length: 5 }, () => "x".repeat(400_000));
    expect(await echoes(lineTo(node.url), ...values)).toEqual(values);
    expect(node.batches.sort((a, b) => b - a)).toEqual([2, 2, 1]);
  });
});

describe("an answer over HTTP", () => {
  test("that is an error tells how long to wait, where its header does", async () => {
    const http: AnswerHttp = ([call], response) =>
      response
        .writeHead(200, { "retry-after": "4" })
        .end(JSON.stringify(nodeErrorOf(call?.id ?? 0, "Too Many Requests")));
    const thrown = await failureOf(lineTo((await openNode({ http })).url));
    expect([classifyRpcError(thrown), retryAfter(thrown)]).toEqual(["busy", 4000]);
  });

  test("may be null", async () => {
    expect(await lineTo((await openNode()).url).send("echo", [null])).toBeNull();
  });

  test("may be packed", async () => {
    const http: AnswerHttp = (calls, response, { headers }) => {
      expect(headers["accept-encoding"]).toBe("gzip");
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(rightText(calls)));
    };
    expect(await lineTo((await openNode({ http })).url).send("echo", ["packed"])).toBe("packed");
  });

  test("that breaks off while packed is a connection reset, not a crash", async () => {
    const http: AnswerHttp = (calls, response) => {
      const packed = gzipSync(rightText(calls));
      response.writeHead(200, { "content-encoding": "gzip" }).write(packed.subarray(0, 12));
      setTimeout(() => response.destroy(), 20);
    };
    expect(await failureOf(lineTo((await openNode({ http })).url))).toMatchObject({
      kind: "connection reset",
    });
  });
});

test("a password in the URL is sent as one", async () => {
  let authorization: string | undefined;
  const http: AnswerHttp = (calls, response, { headers }) => {
    authorization = headers.authorization;
    response.end(rightText(calls));
  };
  const { url } = await openNode({ http });
  await lineTo(url.replace("//", "//user:p%40ss@")).send("echo", []);
  expect(authorization).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
});

test("a connection is used again", async () => {
  const node = await openNode();
  const rpc = lineTo(node.url);
  for (const value of [1, 2, 3]) expect(await rpc.send("echo", [value])).toBe(value);
  expect(node.sockets.size).toBe(1);
});

test("calls of a closed line are refused, neither repeated nor counted", async () => {
  const node = await openNode({ http: () => undefined });
  const rpc = lineTo(node.url);
  const waiting = failureOf(rpc);
  await expect.poll(() => node.batches).toHaveLength(1);
  const late = failureOf(rpc);
  await rpc.close();
  const thrown = await Promise.all([waiting, late, failureOf(rpc)]);
  expect(thrown.map(classifyRpcError)).toEqual(["refused", "refused", "refused"]);
  expect(rpc.traffic.snapshot()).toMatchObject({ requests: 1, errors: {} });
});
