import { type JsonRpcProvider, keccak256, toQuantity, WebSocketProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openTestBed, type TestBed } from "../run/running.ts";
import { account } from "./ovm2/bridge.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const [from, to] = [account(5), account(6)];

/** The answer to a request as it is written. */
async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

describe.each([1, 2] as const)("L%d as other people's tools know nodes", (chain) => {
  let url: string;
  let node: JsonRpcProvider;
  const ask = (method: string, ...params: unknown[]) => node.send(method, params) as Promise<unknown>;

  beforeAll(() => {
    url = bed.spawned.description[chain === 1 ? "l1" : "l2"];
    node = bed.providers[chain];
  });

  test("has the receipts of a block, by number, tag and hash", async () => {
    const sent = await from.connect(node).sendTransaction({ to: to.address, value: 1n, type: 0 });
    const receipt = await sent.wait();
    const number = toQuantity(receipt?.blockNumber ?? 0);
    const receipts = (await ask("eth_getBlockReceipts", number)) as { transactionHash: string }[];
    const own = await ask("eth_getTransactionReceipt", sent.hash);
    expect(receipts).toContainEqual(own);
    for (const id of [receipt?.blockHash, { blockHash: receipt?.blockHash }, { blockNumber: number }]) {
      expect(await ask("eth_getBlockReceipts", id)).toEqual(receipts);
    }
    expect(await ask("eth_getBlockReceipts", "latest")).toEqual(expect.any(Array));
    expect(await ask("eth_getBlockReceipts", "0xffffff")).toBeNull();
    await expect(ask("eth_getBlockReceipts")).rejects.toThrow(/number, tag or hash is missing/);
  });

  test("has a transaction as it was signed", async () => {
    // The chain type of L2 has no delegations.
    const delegating = { address: to.address, nonce: 0, chainId: 31_337 };
    const authorizationList = [from.authorizeSync(delegating)];
    const delegation = { type: 4, gasLimit: 100_000n, authorizationList };
    const kinds = [{ type: 0 }, { type: 1 }, { type: 2 }, ...(chain === 1 ? [delegation] : [])];
    for (const kind of kinds) {
      const sent = await from.connect(node).sendTransaction({ to: to.address, value: 1n, ...kind });
      await sent.wait();
      const raw = await ask("eth_getRawTransactionByHash", sent.hash);
      expect(keccak256(String(raw))).toBe(sent.hash);
    }
    expect(await ask("eth_getRawTransactionByHash", `0x${"11".repeat(32)}`)).toBeNull();
  });

  test("takes parameters that are null, and calls with their data by either name, or both", async () => {
    expect(await post(url, { jsonrpc: "2.0", id: 7, method: "eth_blockNumber", params: null })).toMatchObject(
      { id: 7, result: expect.stringMatching(/^0x/) },
    );
    const call = { from: from.address, to: to.address, value: "0x1", gasPrice: null };
    const gas = await ask("eth_estimateGas", { ...call, data: "0x1234" });
    expect(await ask("eth_estimateGas", { ...call, input: "0x1234" })).toBe(gas);
    expect(await ask("eth_estimateGas", { ...call, input: "0x1234", data: "0x1234" })).toBe(gas);
    expect(await ask("eth_call", { ...call, input: "0x1234", data: "0x1234" }, null)).toBe("0x");
    const differing = { ...call, input: "0x12", data: "0x34" };
    expect(await post(url, { id: 8, method: "eth_estimateGas", params: [differing] })).toMatchObject({
      error: { code: -32_602, message: expect.stringContaining("are set and not equal") },
    });
  });

  test("takes a slot's key as a number", async () => {
    const proof = await ask("eth_getProof", to.address, ["0x0", toQuantity(17)], "latest");
    expect(proof).toMatchObject({ storageProof: [{ value: "0x0" }, { value: "0x0" }] });
  });

  test("answers a batch in its order, leaves notifications out, and refuses an empty one", async () => {
    const request = (id: number | undefined, method: string) => ({ jsonrpc: "2.0", id, method });
    const answers = await post(url, [
      request(1, "eth_chainId"),
      request(undefined, "eth_chainId"),
      request(2, "no"),
    ]);
    expect(answers).toMatchObject([
      { id: 1, result: toQuantity(31_336 + chain) },
      { id: 2, error: {} },
    ]);
    expect(await post(url, [request(undefined, "eth_chainId")])).toBeUndefined();
    expect(await post(url, [])).toMatchObject({ error: { code: -32_600, message: "empty batch" } });
    expect(await post(url, { id: 3, method: "eth_chainId", params: { a: 1 } })).toMatchObject({
      id: 3,
      error: { code: -32_600 },
    });
  });

  test("tells subscribers of blocks, logs and waiting transactions, and nobody over HTTP", async () => {
    const socket = new WebSocket(url.replace("http", "ws"));
    const told: { params?: { subscription: string }; id?: number; result?: string }[] = [];
    socket.on("message", (data: Buffer) => told.push(JSON.parse(data.toString()) as (typeof told)[number]));
    await new Promise((open) => socket.once("open", open));
    const events = [["newHeads"], ["logs"], ["newPendingTransactions", false]];
    for (const [id, params] of events.entries()) {
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "eth_subscribe", params }));
    }
    await expect.poll(() => told.filter(({ id }) => id !== undefined)).toHaveLength(3);
    const [heads, , waiting] = [0, 1, 2].map((which) => told.find(({ id }) => id === which)?.result);
    const sent = await from.connect(node).sendTransaction({ to: to.address, value: 1n });
    const of = (subscription: string | undefined) =>
      told.filter(({ params }) => params?.subscription === subscription);
    await expect
      .poll(() => of(waiting))
      .toContainEqual(expect.objectContaining({ params: { subscription: waiting, result: sent.hash } }));
    await expect.poll(() => of(heads).length).toBeGreaterThan(0);
    socket.close();
    await sent.wait();
    await expect(ask("eth_subscribe", "newHeads")).rejects.toThrow(/notifications not supported/);
  });

  test("serves ethers over WebSocket", async () => {
    const provider = new WebSocketProvider(url.replace("http", "ws"));
    expect(await new Promise<number>((resolve) => void provider.once("block", resolve))).toBeGreaterThan(0);
    await provider.destroy();
  });

  test("lets who has nothing call for nothing, and own no more within", async () => {
    // Creation code that returns its caller's balance: CALLER BALANCE PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN
    const call = { from: `0x${"ab".repeat(20)}`, data: "0x333160005260206000f3" };
    expect(BigInt(String(await ask("eth_call", call, "latest")))).toBe(0n);
    await ask("hardhat_setBalance", call.from, "0x7");
    expect(BigInt(String(await ask("eth_call", call, "latest")))).toBe(7n);
  });

  test("estimates as much for who has nothing as for others, and for nothing", async () => {
    const poor = `0x${"cd".repeat(20)}`;
    // Creation code that returns 32 bytes of zero; and what fails at once: PUSH1 0 PUSH1 0 REVERT.
    const call = { data: "0x60206000f3" };
    const [own, others] = await Promise.all(
      [poor, from.address].map((sender) => ask("eth_estimateGas", { ...call, from: sender })),
    );
    expect(Math.abs(Number(own) - Number(others))).toBeLessThanOrEqual(1);
    const transfer = Number(await ask("eth_estimateGas", { from: poor, to: to.address }));
    expect(transfer - 21_000).toBeLessThanOrEqual(1);
    await expect(ask("eth_estimateGas", { from: poor, data: "0x60006000fd" })).rejects.toThrow(/revert/);
  });

  test("caps the gas of a simulation: one without end would keep blocks from being produced", async () => {
    // Creation code that returns the gas it has: GAS PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN
    const call = { from: from.address, data: "0x5a60005260206000f3" };
    for (const gas of [undefined, `0x${"f".repeat(16)}`]) {
      const left = BigInt(String(await ask("eth_call", { ...call, gas }, "latest")));
      expect(left).toBeLessThan(2n ** 24n);
      expect(left).toBeGreaterThan(16_000_000n);
    }
    expect(BigInt(String(await ask("eth_call", { ...call, gas: "0x186a0" })))).toBeLessThan(100_000n);
  });
});
