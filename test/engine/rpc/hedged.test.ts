import { describe, expect, test } from "vitest";
import { hedged } from "../../../stress/engine/rpc/index.ts";
import { systemClock } from "../../../stress/platform/system-clock.ts";
import { type AnswerHttp, openNode } from "../../fakes/json-rpc-server.ts";
import { echoes, failureOf, lineTo } from "../../fakes/rpc-calls.ts";

const UNANSWERED_MS = 30;

const never: AnswerHttp = () => undefined;

const down: AnswerHttp = (_, response) => response.writeHead(502).end();

/** Answers the first message after so many milliseconds, and those after it as `then` does. */
function lateOnce(ms: number, then: AnswerHttp | undefined): (node: Behaving) => AnswerHttp {
  return (node) => (calls, response) => {
    if (then === undefined) delete node.behaviour.http;
    else node.behaviour.http = then;
    setTimeout(() => response.end(JSON.stringify({ id: calls[0]?.id, result: "late" })), ms);
  };
}

type Behaving = Awaited<ReturnType<typeof openNode>>;

async function nodeThat(behaves: (node: Behaving) => AnswerHttp): Promise<Behaving> {
  const node = await openNode();
  node.behaviour.http = behaves(node);
  return node;
}

const hangingOnce = (): Promise<Behaving> => nodeThat(lateOnce(60_000, undefined));

describe("a request that hangs", () => {
  test("is made once more, over another connection, and that answer counts", async () => {
    const node = await hangingOnce();
    const rpc = hedged(lineTo(node.url), systemClock, UNANSWERED_MS);
    expect(await echoes(rpc, "well")).toEqual(["well"]);
    expect(node.batches).toHaveLength(2);
    expect(rpc.traffic.snapshot().repeated).toBe(1);
  });

  test("is made of the next endpoint, where there are several, and the one in use stays in use", async () => {
    const [first, second] = [await openNode({ http: never }), await openNode()];
    const rpc = hedged(lineTo([first.url, second.url]), systemClock, UNANSWERED_MS);
    expect(await echoes(rpc, "well")).toEqual(["well"]);
    expect([first, second].map(({ batches }) => batches.length)).toEqual([1, 1]);
    expect(rpc.name).toBe(first.url);
  });

  test("is over with its own answer, where that comes first", async () => {
    const node = await nodeThat(lateOnce(4 * UNANSWERED_MS, never));
    const rpc = hedged(lineTo(node.url), systemClock, UNANSWERED_MS);
    expect(await echoes(rpc, 1)).toEqual(["late"]);
  });

  test("waits for its own answer, where the second one fails", async () => {
    const node = await nodeThat(lateOnce(4 * UNANSWERED_MS, down));
    const rpc = hedged(lineTo(node.url), systemClock, UNANSWERED_MS);
    expect(await echoes(rpc, 1)).toEqual(["late"]);
    expect(node.batches).toHaveLength(2);
  });

  test("fails as the first one did, where neither is answered", async () => {
    const [first, second] = [await openNode({ http: never }), await openNode({ http: down })];
    const rpc = hedged(lineTo([first.url, second.url], 200), systemClock, UNANSWERED_MS);
    expect(await failureOf(rpc)).toMatchObject({ kind: "time-out" });
  });
});

describe("a request that is answered in time", () => {
  test("is made once", async () => {
    const node = await openNode();
    const rpc = hedged(lineTo(node.url), systemClock, UNANSWERED_MS);
    expect(await echoes(rpc, 1, 2)).toEqual([1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 3 * UNANSWERED_MS));
    expect([node.batches.length, rpc.traffic.snapshot().repeated]).toEqual([1, 0]);
  });

  test("fails at once where its answer is a failure", async () => {
    const node = await openNode({ http: down });
    const rpc = hedged(lineTo(node.url), systemClock, 60_000);
    expect(await failureOf(rpc)).toMatchObject({ kind: "5xx" });
    expect(node.batches).toHaveLength(1);
  });
});
