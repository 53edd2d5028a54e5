import { expect, test } from "vitest";
import { Traffic } from "../../stress/engine/rpc/traffic.ts";
import { trafficLine } from "../../stress/report/traffic-line.ts";

const many = (times: number, act: () => void): void => {
  for (let time = 0; time < times; time++) act();
};

const calls = (count: number) => Array.from({ length: count }, () => ({ method: "eth_call" }));

test("traffic is told on a line, with the most frequent error first", () => {
  const traffic = new Traffic(["http://127.0.0.1:8545"]);
  const endpoint = traffic.of("http://127.0.0.1:8545");
  many(1234, () => endpoint.sent("http", calls(10)));
  many(56, () => traffic.repeated());
  many(3, () => endpoint.failed("time-out"));
  many(12, () => endpoint.failed("429"));
  expect(trafficLine("L1", traffic.snapshot())).toBe(
    "L1 http://127.0.0.1:8545: 12,340 requests in 1,234 HTTP requests, 56 repeated; errors: 429 ×12, time-out ×3",
  );
});

test("traffic over both kinds of endpoints names both", () => {
  const traffic = new Traffic(["http://a", "ws://b"]);
  traffic.of("http://a").sent("http", calls(1));
  traffic.of("ws://b").sent("ws", calls(4));
  expect(trafficLine("L2", traffic.snapshot())).toBe(
    "L2 http://a, ws://b: 5 requests in 1 HTTP requests and 1 WebSocket messages, 0 repeated; errors: none",
  );
});

test("traffic goes into JSON as it is", () => {
  const traffic = new Traffic(["http://a"]);
  traffic.of("http://a").failed("5xx");
  const snapshot = traffic.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
});
