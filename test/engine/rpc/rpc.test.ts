import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { makeError } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  classifyRpcError,
  EndpointClosed,
  endpointName,
  MalformedAnswer,
  NoAnswer,
  openRpc,
  type Rpc,
  type RpcFailure,
} from "../../../stress/engine/rpc/index.ts";
import { network } from "../../../stress/platform/network.ts";

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Answers each call with what `answer` gives, as a JSON-RPC node does. */
let answer: (call: Call) => Record<string, unknown> = () => ({ result: null });
const batches: number[] = [];
let server: Server;
let rpc: Rpc;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as Call | Call[];
      const calls = [asked].flat();
      batches.push(calls.length);
      const answers = calls.map((call) => ({ jsonrpc: "2.0", id: call.id, ...answer(call) }));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  rpc = openRpc(network, `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret?key=secret`);
});

afterAll(async () => {
  await rpc.close();
  server.close();
});

/** What the engine makes of a node's error. */
async function failureOf(method: string, error: Record<string, unknown>): Promise<RpcFailure> {
  answer = () => ({ error: { code: -32_000, ...error } });
  try {
    await rpc.send(method, [method === "eth_estimateGas" ? {} : "0x"]);
  } catch (thrown) {
    return classifyRpcError(thrown);
  }
  throw new Error("the call did not fail");
}

describe("a node's error about a transaction", () => {
  test.each<[string, RpcFailure]>([
    ["already known", "already known"],
    ["ALREADY_EXISTS: already known", "already known"],
    ["known transaction: 0x6f22", "already known"],
    ["Transaction with the same hash was already imported.", "already known"],
    ["nonce too low", "nonce too low"],
    ["nonce too low: address 0xab, tx: 5 state: 7", "nonce too low"],
    ["nonce too low: next nonce 7, tx nonce 5", "nonce too low"],
    ["Nonce too low. Expected nonce to be 7 but got 5.", "nonce too low"],
    ["invalid nonce", "nonce too low"],
    ["insufficient funds for gas * price + value", "insufficient funds"],
    ["insufficient funds for gas * price + value: address 0xab have 1 want 2", "insufficient funds"],
    ["Sender doesn't have enough funds to send tx.", "insufficient funds"],
    ["replacement transaction underpriced", "fee too low"],
    ["transaction underpriced", "fee too low"],
    ["max fee per gas less than block base fee: maxFeePerGas: 1, baseFee: 2", "fee too low"],
    ["gas price below minimum", "fee too low"],
    ["txpool is full", "busy"],
    ["Too Many Requests", "busy"],
    ["daily request limit exceeded", "busy"],
    ["exceeds block gas limit", "refused"],
    ["unknown transaction type", "refused"],
    ["only replay-protected (EIP-155) transactions allowed over RPC", "refused"],
  ])("'%s' means %s", async (message, failure) => {
    expect(await failureOf("eth_sendRawTransaction", { message })).toBe(failure);
  });
});

describe("a node's error about a block that it does not have", () => {
  test.each([
    "header not found",
    "missing trie node 7f1c5a (path ) state 0x7f1c5a is not available, not found",
    "block not found: 0x10",
    "unknown block",
    "state not available",
    "historical state unavailable",
    "block #16 not found",
    "could not find block",
  ])("'%s' means that it is behind", async (message) => {
    expect(await failureOf("eth_call", { message })).toBe("behind");
  });
});

describe("a node's error about a gas estimate", () => {
  test.each<[Record<string, unknown>, RpcFailure]>([
    [{ code: 3, message: "execution reverted: Insufficient liquidity", data: "0x" }, "reverted"],
    [{ message: "execution reverted" }, "reverted"],
    [{ message: "insufficient funds for transfer" }, "insufficient funds"],
  ])("%j means %s", async (error, failure) => {
    expect(await failureOf("eth_estimateGas", error)).toBe(failure);
  });
});

describe("a node's word on a method it does not have", () => {
  test.each([
    "Method not found",
    "the method eth_getBlockReceipts does not exist/is not available",
    "Method eth_getBlockReceipts is not supported",
    "rpc method is unsupported",
  ])("'%s' is an answer", async (message) => {
    expect(await failureOf("eth_getBlockReceipts", { code: -32_601, message })).toBe("refused");
  });
});

describe("what is no answer of a node", () => {
  test.each<[string, Error, RpcFailure]>([
    ["a time-out", new NoAnswer("time-out"), "no answer"],
    ["a status that says later", new NoAnswer("429"), "busy"],
    ["an answer that makes no sense", new MalformedAnswer("hash is missing"), "no answer"],
    ["an endpoint that was closed", new EndpointClosed(), "refused"],
  ])("%s", (_, thrown, failure) => {
    expect(classifyRpcError(thrown)).toBe(failure);
  });

  test("an endpoint that is not there", async () => {
    const nowhere = openRpc(network, "http://127.0.0.1:1");
    const thrown: unknown = await nowhere.send("eth_blockNumber", []).catch((error: unknown) => error);
    await nowhere.close();
    expect(classifyRpcError(thrown)).toBe("no answer");
  });
});

describe("what no endpoint can be blamed for", () => {
  test.each<[string, unknown]>([
    ["a mistake of a program's", new TypeError("undefined is not a function")],
    ["a number out of its range", new RangeError("Invalid array length")],
    ["ethers' word on a wrong argument", makeError("bad", "INVALID_ARGUMENT", { argument: "a", value: 1 })],
    ["an error that only looks like a time-out", Object.assign(new Error("time-out"), { code: "TIMEOUT" })],
    ["anything else", "what?"],
    ["nothing", undefined],
  ])("%s is a mistake of our own", (_, thrown) => {
    expect(classifyRpcError(thrown)).toBe("own mistake");
  });
});

describe("an endpoint", () => {
  test.each([
    ["https://mainnet.infura.io/v3/0123456789abcdef", "https://mainnet.infura.io"],
    ["http://user:password@localhost:8545/?key=secret", "http://localhost:8545"],
    ["wss://node.example:443/secret", "wss://node.example"],
  ])("%s is called %s", (endpoint, name) => {
    expect(endpointName(endpoint)).toBe(name);
  });

  test("does not show its path or query in its name", () => {
    expect(rpc.name).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("gets calls made together as one batch, and their answers come back to each", async () => {
    answer = ({ params: [first] }) => ({ result: first });
    batches.length = 0;
    const calls = Array.from({ length: 50 }, (_, at) => rpc.send("echo", [at]));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 50 }, (_, at) => at));
    expect(batches).toEqual([50]);
  });
});
