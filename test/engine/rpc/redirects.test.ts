import { describe, expect, test } from "vitest";
import { type AnswerHttp, openNode, rightText, type TestNode } from "../../fakes/json-rpc-server.ts";
import { failureOf, lineTo } from "../../fakes/rpc-calls.ts";
import { redirectOf } from "../../../stress/platform/redirect.ts";

/** A node that sends everybody elsewhere, and how often it did. */
async function sending(status: number, location: (at: TestNode) => string | undefined) {
  const counts = { asked: 0 };
  const http: AnswerHttp = (_, response) => {
    counts.asked++;
    const to = location(node);
    response.writeHead(status, to === undefined ? {} : { location: to }).end();
  };
  const node: TestNode = await openNode({ http });
  return { node, counts };
}

describe("an endpoint that redirects", () => {
  test.each([301, 302, 303, 307, 308])("with status %i is followed", async (status) => {
    const real = await openNode();
    const { node } = await sending(status, () => `${real.url}/v1/key`);
    expect(await lineTo(node.url).send("echo", ["there"])).toBe("there");
  });

  test.each([
    [308, 1],
    [307, 2],
  ])("with status %i for good or for now is asked %i times for two calls", async (status, asked) => {
    const real = await openNode();
    const { node, counts } = await sending(status, () => real.url);
    const rpc = lineTo(node.url);
    for (const value of [1, 2]) expect(await rpc.send("echo", [value])).toBe(value);
    expect(counts.asked).toBe(asked);
  });

  test("within itself is followed, with the password that it was given", async () => {
    const http: AnswerHttp = (calls, response, { url, headers }) => {
      if (url === "/rpc" && headers.authorization !== undefined) response.end(rightText(calls));
      else response.writeHead(308, { location: "/rpc" }).end();
    };
    const { url } = await openNode({ http });
    expect(await lineTo(url.replace("//", "//user:secret@")).send("echo", [1])).toBe(1);
  });

  test.each([
    ["https://127.0.0.1:1/secret", "https://127.0.0.1:1"],
    ["http://node.example:8545/secret", "http://node.example:8545"],
  ])("to %s is not followed, and its place is told", async (location, place) => {
    const { node } = await sending(301, () => location);
    const error = await failureOf(lineTo(node.url));
    expect(error).toMatchObject({ kind: "redirect", message: expect.stringContaining(`to ${place} (`) });
    expect(error).toMatchObject({ message: expect.not.stringContaining("secret") });
  });

  test("in a circle, or nowhere, is told", async () => {
    const circle = await sending(307, ({ url }) => url);
    expect(await failureOf(lineTo(circle.node.url))).toMatchObject({
      message: expect.stringContaining("in a circle"),
    });
    const nowhere = await sending(307, () => undefined);
    expect(await failureOf(lineTo(nowhere.node.url))).toMatchObject({
      message: "HTTP status 307 without a place to go to",
    });
  });

  test("over WebSocket is told with where to", async () => {
    const handshake = "HTTP/1.1 301 Moved Permanently\r\nLocation: wss://node.example/secret\r\n\r\n";
    const { wsUrl } = await openNode({ handshake });
    expect(await failureOf(lineTo(wsUrl))).toMatchObject({
      kind: "redirect",
      message: expect.stringContaining("to wss://node.example (HTTP status 301)"),
    });
  });
});

describe("a redirect", () => {
  test.each([
    ["http://node.example/a", "/b"],
    ["https://node.example", "https://other.example/b"],
    ["http://localhost:8545", "http://127.0.0.1:9545"],
    ["http://[::1]:8545", "http://localhost"],
  ])("from %s to %s is followed", (from, to) => {
    expect(redirectOf(new URL(from), 307, to)?.to.href).toBe(new URL(to, from).href);
  });

  test.each([
    ["https://node.example", "http://node.example"],
    ["http://node.example", "https://node.example"],
    ["http://node.example", "http://127.0.0.1:8545"],
    ["http://127.0.0.1:8545", "http://127.0.0.1.example"],
  ])("from %s to %s is told", (from, to) => {
    expect(() => redirectOf(new URL(from), 307, to)).toThrow("name the endpoint there in the target");
  });
});
