import { describe, expect, onTestFinished, test } from "vitest";
import { retrying, type Rpc } from "../../stress/engine/rpc/index.ts";
import { systemClock } from "../../stress/platform/system-clock.ts";
import { openNode, type TestNode } from "../fakes/json-rpc-server.ts";
import { echoes, failureOf, lineTo } from "../fakes/rpc-calls.ts";
import { type FaultyProxy, type FaultyProxyOptions, openFaultyProxy } from "./faulty-proxy.ts";
import { FAULT_KINDS, type FaultKind } from "./kinds.ts";

interface Line {
  readonly node: TestNode;
  readonly proxy: FaultyProxy;
  /** Over HTTP and over WebSocket. */
  readonly http: Rpc;
  readonly ws: Rpc;
}

/** An echoing node behind a proxy, and lines to the proxy. */
async function openLine(options: Partial<FaultyProxyOptions>): Promise<Line> {
  const node = await openNode();
  const proxy = await openFaultyProxy({
    upstream: node.url,
    seed: 1,
    percent: 100,
    holdFor: 60,
    refuseFor: 60,
    ...options,
  });
  onTestFinished(() => proxy.close());
  return { node, proxy, http: lineTo(proxy.url), ws: lineTo(proxy.wsUrl) };
}

const kindsOf = (thrown: readonly unknown[]): unknown[] =>
  thrown.map((one) => (one instanceof Error && "kind" in one ? one.kind : one));

describe("each fault over HTTP", () => {
  test.each<[FaultKind, unknown[], number]>([
    ["connection refused", Array(2).fill("connection reset"), 0],
    ["reset before forwarding", Array(2).fill("connection reset"), 0],
    ["reset after forwarding", Array(2).fill("connection reset"), 1],
    ["429", ["429", "429"], 0],
    ["429 with Retry-After", ["429", "429"], 0],
    ["500", ["5xx", "5xx"], 0],
    ["502 with HTML", ["5xx", "5xx"], 0],
    ["lost answer", Array(2).fill("connection reset"), 1],
    ["lost request", Array(2).fill("connection reset"), 0],
    ["truncated JSON", Array(2).fill("not JSON"), 1],
    ["invalid JSON", Array(2).fill("not JSON"), 1],
    ["out of order", ["a", "b"], 1],
  ])("%s", async (kind, expected, forwarded) => {
    const { node, proxy, http } = await openLine({ kinds: [kind] });
    expect(kindsOf(await echoes(http, "a", "b"))).toEqual(expected);
    expect(node.batches).toHaveLength(forwarded);
    expect(proxy.counts[kind]).toBe(1);
    expect([...proxy.methods]).toEqual([["echo", 2]]);
  });

  test.each<[FaultKind, string, number]>([
    ["internal error", "Internal error", 3],
    ["limit exceeded", "limit exceeded", 2],
    ["429 in 200", "Your app has exceeded its compute units per second capacity.", 2],
    ["no backend", "no backend is currently healthy to serve traffic", 2],
    ["header not found", "header not found", 2],
  ])("%s, which befalls one call of a batch", async (kind, message, forwarded) => {
    const { node, http } = await openLine({ kinds: [kind] });
    const told = await echoes(http, 1, 1, 1);
    expect(told.filter((one) => one === 1)).toHaveLength(2);
    expect(told.filter((one) => one instanceof Error && one.message === message)).toHaveLength(1);
    expect(node.batches).toEqual([forwarded]);
  });

  test("batch refused, which leaves its calls to be made in smaller ones", async () => {
    const { node, proxy, http } = await openLine({ kinds: ["batch refused"] });
    const values = Array.from({ length: 12 }, (_, at) => at);
    expect(await echoes(http, ...values)).toEqual(values);
    expect([node.batches, proxy.counts["batch refused"]]).toEqual([[6, 6], 1]);
  });

  test("redirect, as long as it is followed", async () => {
    const { proxy, http } = await openLine({ kinds: ["redirect"], percent: 50 });
    expect(await retrying(http, systemClock, { firstPause: 1 }).send("echo", ["there"])).toBe("there");
    while (proxy.counts.redirect === 0) await echoes(http, 1);
    expect(kindsOf([await failureOf((proxy.setPercent(100), http))])).toEqual(["redirect"]);
  });

  test("nobody listens for a moment after a refused connection", async () => {
    const { proxy, http } = await openLine({ kinds: ["connection refused"], refuseFor: 500 });
    await failureOf(http);
    proxy.setPercent(0);
    expect(await failureOf(http)).toMatchObject({ kind: "connection refused" });
    expect(await retrying(http, systemClock, { firstPause: 40 }).send("echo", ["there again"])).toBe(
      "there again",
    );
  });
});

describe("each fault over WebSocket", () => {
  test.each<[FaultKind, string]>([
    ["socket drop", "connection closed"],
    ["lost answer", "connection closed"],
    ["lost request", "connection closed"],
    ["truncated JSON", "not JSON"],
    ["invalid JSON", "not JSON"],
  ])("%s", async (kind, expected) => {
    const { proxy, ws } = await openLine({ kinds: [kind] });
    expect(kindsOf(await echoes(ws, "a"))).toEqual([expected]);
    proxy.setPercent(0);
    expect(await echoes(ws, "b")).toEqual(["b"]);
  });
});

describe("a proxy", () => {
  test("without faults hands everything on", async () => {
    const { proxy, http, ws } = await openLine({ percent: 0 });
    expect(await Promise.all([echoes(http, 1, 2), echoes(ws, 3)])).toEqual([[1, 2], [3]]);
    expect(Object.values(proxy.counts)).toEqual(FAULT_KINDS.map(() => 0));
  });

  test("hits about as many as it should, the same ones for the same seed", async () => {
    const hits = async (): Promise<boolean[]> => {
      const { http } = await openLine({ kinds: ["500"], percent: 30, seed: 6 });
      const hit: boolean[] = [];
      for (let at = 0; at < 100; at++) hit.push((await echoes(http, at))[0] instanceof Error);
      return hit;
    };
    const once = await hits();
    expect(once.filter(Boolean).length).toBeGreaterThan(20);
    expect(once.filter(Boolean).length).toBeLessThan(40);
    expect(await hits()).toEqual(once);
  });

  test("that is paused refuses connections, and is there again afterwards", async () => {
    const { proxy, http, ws } = await openLine({ percent: 0 });
    await Promise.all([echoes(http, 1), echoes(ws, 1)]);
    proxy.pause();
    expect(await failureOf(http)).toMatchObject({ kind: expect.stringMatching(/refused|reset/) });
    expect(await failureOf(http)).toMatchObject({ kind: "connection refused" });
    await proxy.resume();
    expect(await echoes(http, "again")).toEqual(["again"]);
    expect(await retrying(ws, systemClock, { firstPause: 1 }).send("echo", ["again"])).toBe("again");
  });

  test("that closes ends what it holds", async () => {
    const { proxy, http } = await openLine({ kinds: ["lost request"], holdFor: 60_000 });
    const held = failureOf(http);
    await expect.poll(() => proxy.counts["lost request"]).toBe(1);
    proxy.close();
    expect(await held).toMatchObject({ kind: "connection reset" });
  });
});
