import { type JsonRpcProvider, toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openTestBed, type TestBed } from "../run/running.ts";
import { account } from "./ovm2/bridge.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

type Fields = Record<string, unknown>;

const hex = expect.stringMatching(/^0x[0-9a-f]+$/);
const nobody = `0x${"11".repeat(32)}`;
const [from, to] = [account(7), account(8)];

describe.each([1, 2] as const)("L%d", (chain) => {
  let url: string;
  let node: JsonRpcProvider;
  const ask = (method: string, ...params: unknown[]) => node.send(method, params) as Promise<Fields>;

  /** What is answered, errors included, as it is written. */
  async function post(method: string, ...params: unknown[]): Promise<Fields> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    return (await (await fetch(url, { method: "POST", body })).json()) as Fields;
  }

  const paid = async (fields: object = {}) => {
    const sent = await from.connect(node).sendTransaction({ to: to.address, value: 1n, ...fields });
    return (await sent.wait()) ?? expect.unreachable("no receipt");
  };

  beforeAll(() => {
    url = bed.spawned.description[chain === 1 ? "l1" : "l2"];
    node = bed.providers[chain];
  });

  test("a method that it does not have is told in geth's words, and a look whether it is there is answered", async () => {
    expect(await post("eth_nonsense")).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32_601, message: "the method eth_nonsense does not exist/is not available" },
    });
    expect((await fetch(url)).status).toBe(200);
  });

  test("tells what waits in the pool, by sender and nonce", async () => {
    const sender = from.address.toLowerCase();
    const next = await node.getTransactionCount(from.address);
    const nonce = next + 5;
    const late = await from.connect(node).sendTransaction({ to: to.address, value: 3n, nonce });
    const content = { queued: { [nonce]: { hash: late.hash, nonce: toQuantity(nonce) } } };
    expect(await ask("txpool_status")).toMatchObject({ pending: hex, queued: "0x1" });
    expect(await ask("txpool_content")).toMatchObject({ queued: { [sender]: content.queued } });
    expect(await ask("txpool_contentFrom", from.address)).toMatchObject(content);
    const words = `${to.address.toLowerCase()}: 3 wei + ${late.gasLimit} gas × ${late.maxFeePerGas} wei`;
    expect(await ask("txpool_inspect")).toMatchObject({ queued: { [sender]: { [nonce]: words } } });
    await ask("hardhat_dropTransaction", late.hash);
  });

  test("has headers, no uncles, no peers", async () => {
    const block = await ask("eth_getBlockByNumber", "0x1", false);
    const { transactions: _, uncles: __, ...header } = block;
    expect(await ask("eth_getHeaderByNumber", "0x1")).toEqual(header);
    expect(await ask("eth_getHeaderByHash", block["hash"])).toEqual(header);
    expect(await ask("eth_getHeaderByHash", nobody)).toBeNull();
    expect(await ask("eth_getUncleCountByBlockNumber", "0x1")).toBe("0x0");
    expect(await ask("eth_getUncleCountByBlockHash", nobody)).toBeNull();
    expect(await ask("net_listening")).toBe(true);
    expect(await ask("net_peerCount")).toBe("0x0");
    expect(await ask("rpc_modules")).toHaveProperty("eth");
    expect(await ask("eth_getBlockByNumber", "pending", false)).toMatchObject({ number: hex });
  });

  test("says which slots a call touches", async () => {
    // Creation code that loads slot 5: PUSH1 5 SLOAD STOP. Deployed, it is the callee itself.
    const callee = `0x${"c5".repeat(20)}`;
    await ask("hardhat_setCode", callee, "0x60055400");
    const call = { from: from.address, to: callee };
    expect(await ask("eth_createAccessList", call, "latest")).toEqual({
      accessList: [{ address: callee, storageKeys: [toQuantity(5).replace("0x", `0x${"0".repeat(63)}`)] }],
      gasUsed: hex,
    });
    const plain = await ask("eth_createAccessList", { from: from.address, to: to.address });
    expect(plain["accessList"]).toEqual([]);
    await ask("hardhat_setCode", callee, "0x60006000fd");
    expect(await ask("eth_createAccessList", call)).toMatchObject({ error: "execution reverted" });
  });

  test("traces blocks and transactions, by options that Go's client writes", async () => {
    const { hash, blockNumber, blockHash } = await paid();
    const trace = expect.objectContaining({ gas: 21_000, failed: false });
    expect(await ask("debug_traceTransaction", hash)).toEqual(trace);
    const all = await ask("debug_traceBlockByNumber", toQuantity(blockNumber), {});
    expect(all).toContainEqual({ txHash: hash, result: trace });
    const calls = await ask("debug_traceBlockByHash", blockHash, { Tracer: "callTracer", Timeout: null });
    const result = expect.objectContaining({ from: from.address.toLowerCase() });
    expect(calls).toContainEqual({ txHash: hash, result });
    expect(await post("debug_traceBlockByNumber", "0xffffff")).toMatchObject({ error: { code: -32_000 } });
    const at = { blockNumber: "latest" };
    expect(await ask("debug_traceCall", { to: to.address }, at, { Tracer: "callTracer" })).toMatchObject({
      gasUsed: hex,
    });
  });

  test("a trace that would fill the memory is refused, with what to do", async () => {
    // JUMPDEST PUSH1 0 JUMP
    const call = { from: from.address, data: "0x5b600056", gas: toQuantity(2_500_000) };
    expect(await post("debug_traceCall", call, "latest", {})).toMatchObject({
      error: { code: -32_000, message: expect.stringContaining("too many to be told step by step") },
    });
    expect(await ask("debug_traceCall", call, "latest", { tracer: "callTracer" })).toHaveProperty("error");
  });

  test("takes fee histories, filters and overrides as clients ask for them", async () => {
    expect(await ask("eth_feeHistory", 2, "latest", null)).toMatchObject({ oldestBlock: hex });
    expect((await post("eth_getFilterChanges", "0xdead"))["error"]).toEqual({
      code: -32_000,
      message: "filter not found",
    });
    const call = { from: from.address, to: to.address };
    expect(await ask("eth_call", call, { blockNumber: "latest", requireCanonical: false }, {}, null)).toBe(
      "0x",
    );
    expect(await ask("eth_call", call, "latest", { [from.address]: { balance: "0x1" } })).toBe("0x");
    expect(
      (await post("eth_estimateGas", call, "latest", { [to.address]: { nonce: "0x1" } }))["error"],
    ).toEqual({
      code: -32_602,
      message: "eth_estimateGas: the local stack does not have these overrides",
    });
  });

  test("sends waiting transactions whole to whom wants them so", async () => {
    const socket = new WebSocket(url.replace("http", "ws"));
    const told: { params?: { result: unknown } }[] = [];
    socket.on("message", (data: Buffer) => told.push(JSON.parse(data.toString()) as (typeof told)[number]));
    await new Promise((open) => socket.once("open", open));
    const params = ["newPendingTransactions", true];
    socket.send(Buffer.from(JSON.stringify({ id: 1, method: "eth_subscribe", params })), { binary: true });
    // The services' own transactions may be told already.
    await expect.poll(() => told).toContainEqual(expect.objectContaining({ id: 1 }));
    const { hash } = await paid();
    const whole = {
      params: expect.objectContaining({ result: expect.objectContaining({ hash, value: "0x1" }) }),
    };
    await expect.poll(() => told).toContainEqual(expect.objectContaining(whole));
    socket.close();
  });
});

test("transactions of the services, which nobody signed, say so: Go's client reads no block with a wrong signature", async () => {
  const l1 = bed.providers[1];
  const of = async (number: number) =>
    ((await l1.send("eth_getBlockByNumber", [toQuantity(number), true])) as { transactions: Fields[] })
      .transactions;
  await expect.poll(async () => (await of(await l1.getBlockNumber())).length).toBeGreaterThan(0);
  const [one] = await of(1);
  expect(one).toMatchObject({ r: hex });
  for (let number = await l1.getBlockNumber(); number > 0; number--) {
    const [last] = await of(number);
    if (last === undefined) continue;
    expect(last).toMatchObject({ v: "0x0", r: "0x0", s: "0x0", yParity: "0x0" });
    expect(await l1.send("eth_getTransactionByHash", [last["hash"]])).toEqual(last);
    return;
  }
  expect.unreachable("no block had a transaction");
});
