import { describe, expect, onTestFinished, test } from "vitest";
import { openRpc, retrying, type Rpc } from "../../../stress/engine/rpc/index.ts";
import { network } from "../../../stress/platform/network.ts";
import { systemClock } from "../../../stress/platform/system-clock.ts";
import { type AnswerHttp, openNode, right, rightText, type TestNode } from "../../fakes/json-rpc-server.ts";
import { echoes } from "../../fakes/rpc-calls.ts";

const VALUES = Array.from({ length: 30 }, (_, at) => at);

/** A line to a node that answers as is said, asked as reads are, and what it says of its endpoint. */
async function lineTo(http: AnswerHttp) {
  const node = await openNode({ http });
  const notes: string[] = [];
  const rpc = openRpc(network, node.url, { timeout: 5000, warn: (line) => notes.push(line) });
  onTestFinished(() => rpc.close());
  return { node, notes, rpc, calm: retrying(rpc, systemClock, { firstPause: 1 }) };
}

/** Answers batches of up to so many calls, and refuses larger ones. */
const upTo =
  (limit: number, refuse: AnswerHttp): AnswerHttp =>
  (calls, response, request) =>
    calls.length > limit ? refuse(calls, response, request) : response.end(rightText(calls));

test("what is sent shares no message with what is asked: an answer must not wait until a node has taken a hundred transactions", async () => {
  const held: (() => void)[] = [];
  const { node, rpc } = await lineTo((calls, response) => {
    const answer = (): void => void response.end(rightText(calls));
    if (calls.some(({ method }) => method === "eth_sendRawTransaction")) held.push(answer);
    else answer();
  });
  const sending = VALUES.map((value) => rpc.send("eth_sendRawTransaction", [value]));
  await rpc.send("eth_blockNumber", []);
  await expect.poll(() => held.length).toBe(1);
  held.forEach((answer) => answer());
  await Promise.all(sending);
  expect(node.batches.toSorted((a, b) => a - b)).toEqual([1, VALUES.length]);
});

const status =
  (code: number, text: string): AnswerHttp =>
  (_, response) =>
    response.writeHead(code).end(text);

const error = (message: string, id: number | null = null) => ({
  jsonrpc: "2.0",
  id,
  error: { code: -32_000, message },
});

const REFUSALS: readonly (readonly [string, AnswerHttp])[] = [
  ["status 400", status(400, "Bad Request")],
  ["status 403", status(403, "<html>Forbidden</html>")],
  ["status 413", status(413, "Payload Too Large")],
  ["status 500", status(500, "Internal Server Error")],
  ["a text that is no JSON", status(200, "batches are for paying customers")],
  ["an empty list", status(200, "[]")],
  ["an empty object", status(200, "{}")],
  ["one error", status(200, JSON.stringify(error("Invalid Request")))],
  ["a list of one error", status(200, JSON.stringify([error("Invalid Request")]))],
  ["a text in the place of an error", status(200, JSON.stringify({ error: "no batches" }))],
  ["a reset", (_, response) => response.socket?.resetAndDestroy()],
  [
    "an error to each call",
    (calls, response) =>
      response.end(
        JSON.stringify(calls.map(({ id }) => error("more than 10 requests in a single batch", id))),
      ),
  ],
  [
    "an error to those that are too many",
    (calls, response) =>
      response.end(
        JSON.stringify(calls.map((call, at) => (at < 4 ? right(call) : error("batch too large", call.id)))),
      ),
  ],
];

/** Asks all at once, twice; the second time, how large the batches were. */
async function askTwice(calm: Rpc, node: TestNode): Promise<number> {
  expect(await echoes(calm, ...VALUES)).toEqual(VALUES);
  node.batches.length = 0;
  expect(await echoes(calm, ...VALUES)).toEqual(VALUES);
  return Math.max(...node.batches);
}

describe("batches that a node refuses as a whole", () => {
  test.each(REFUSALS)("by %s are made as small as it wants, once and for all", async (_, refuse) => {
    const { node, notes, calm } = await lineTo(upTo(4, refuse));
    expect(await askTwice(calm, node)).toBeLessThanOrEqual(4);
    expect(notes).toEqual([
      expect.stringMatching(/^http:\/\/127.0.0.1:\d+ does not take \d+ calls at once \(/),
    ]);
  });

  test.each(REFUSALS.slice(0, -1))("by %s down to single calls", async (_, refuse) => {
    const { node, notes, calm } = await lineTo(upTo(1, refuse));
    expect(await askTwice(calm, node)).toBe(1);
    expect(notes).toHaveLength(1);
  });

  test("are asked anew without anybody repeating them, where the node said so", async () => {
    const { rpc } = await lineTo(upTo(1, status(413, "Payload Too Large")));
    expect(await echoes(rpc, ...VALUES)).toEqual(VALUES);
    const { requests, repeated, errors } = rpc.traffic.snapshot();
    expect(requests - repeated).toBe(VALUES.length);
    expect(Object.keys(errors)).toEqual(["batch refused"]);
  });

  test("do not hand in a transaction twice: who sends it finds out what became of it", async () => {
    const sent: number[] = [];
    const { rpc } = await lineTo((calls, response, request) => {
      sent.push(...calls.filter(({ method }) => method === "eth_sendRawTransaction").map(({ id }) => id));
      upTo(1, status(413, ""))(calls, response, request);
    });
    const [one, other, ...read] = await Promise.allSettled([
      rpc.send("eth_sendRawTransaction", ["0x02"]),
      rpc.send("eth_sendRawTransaction", ["0x03"]),
      rpc.send("echo", [1]),
      rpc.send("echo", [2]),
    ]);
    for (const handedIn of [one, other])
      expect(handedIn).toMatchObject({ status: "rejected", reason: { kind: "batch refused" } });
    expect(read).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(sent).toHaveLength(2);
  });
});

test("an endpoint that fails for a while is not taken for one without batches", async () => {
  let failures = 4;
  const { node, notes, calm } = await lineTo((calls, response) => {
    if (failures-- > 0) response.writeHead(500).end();
    else response.end(rightText(calls));
  });
  expect(await askTwice(calm, node)).toBe(VALUES.length);
  expect(notes).toEqual([]);
});

test("a batch that was answered once is not suspected later", async () => {
  let failures = 0;
  const { node, notes, calm } = await lineTo((calls, response) => {
    if (calls.length > 1 && failures-- > 0) response.destroy();
    else response.end(rightText(calls));
  });
  expect(await echoes(calm, ...VALUES)).toEqual(VALUES);
  failures = 4;
  expect(await askTwice(calm, node)).toBe(VALUES.length);
  expect(notes).toEqual([]);
});

test("a batch that is refused though larger ones were not is halved for once, and only then", async () => {
  let refusals = 0;
  const { node, notes, rpc } = await lineTo((calls, response) => {
    if (calls.length > 1 && refusals-- > 0) response.end("[]");
    else response.end(rightText(calls));
  });
  expect(await echoes(rpc, ...VALUES)).toEqual(VALUES);
  refusals = 1;
  node.batches.length = 0;
  expect(await echoes(rpc, ...VALUES)).toEqual(VALUES);
  expect(await echoes(rpc, ...VALUES)).toEqual(VALUES);
  expect(node.batches).toEqual([30, 15, 15, 30]);
  expect(notes).toEqual([]);
});
