import { Interface, toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { openTestBed, type TestBed } from "../../run/running.ts";
import { until } from "../faults/until.ts";
import { account } from "./bridge.ts";

let bed: TestBed;
let core: Record<string, string>;
let boba: Record<string, string>;

beforeAll(async () => {
  bed = await openTestBed();
  const { addresses } = bed.spawned.description;
  const page = async (name: string) =>
    (await (await fetch(`${addresses}/${name}`)).json()) as Record<string, string>;
  [core, boba] = [await page("addresses.json"), await page("boba-addr.json")];
});

afterAll(() => bed.close());

const messenger = new Interface([
  "function sendMessage(address target, bytes message, uint32 gasLimit)",
  "event RelayedMessage(bytes32 indexed msgHash)",
]);
const hex = expect.stringMatching(/^0x[0-9a-f]+$/);

type Fields = Record<string, unknown>;

const ask = (chain: 1 | 2, method: string, ...params: unknown[]): Promise<Fields> =>
  bed.providers[chain].send(method, params) as Promise<Fields>;

/** A payment on L2, mined. */
async function paid(fields: object = {}): Promise<Fields> {
  const payer = account(3).connect(bed.providers[2]);
  const sent = await payer.sendTransaction({ to: account(4).address, value: 1n, ...fields });
  await sent.wait();
  return ask(2, "eth_getTransactionReceipt", sent.hash);
}

describe("transactions of L2, as l2geth told them", () => {
  test("say on which L1 block they were executed", async () => {
    const receipt = await paid();
    const number = String(receipt["blockNumber"]);
    const one = await ask(2, "eth_getTransactionByHash", receipt["transactionHash"]);
    expect(one).toMatchObject({
      queueOrigin: "sequencer",
      l1TxOrigin: null,
      queueIndex: null,
      index: toQuantity(Number(number) - 1),
      l1BlockNumber: hex,
      l1Timestamp: hex,
    });
    const l1Block = await ask(1, "eth_getBlockByNumber", one["l1BlockNumber"], false);
    expect(l1Block["timestamp"]).toBe(one["l1Timestamp"]);
    const block = await ask(2, "eth_getBlockByNumber", number, true);
    expect(block["transactions"]).toContainEqual(one);
    expect(await ask(2, "eth_getTransactionByBlockNumberAndIndex", number, "0x0")).toHaveProperty(
      "queueOrigin",
    );
    expect((await ask(2, "eth_getBlockByNumber", number, false))["transactions"]).toContain(one["hash"]);
  });

  test("say where in the queue they were, where they came from L1", async () => {
    const relayed = await crossed("0x1234", 200_000);
    const one = await ask(2, "eth_getTransactionByHash", relayed.l2);
    expect(one).toMatchObject({
      queueOrigin: "l1",
      l1TxOrigin: one["from"],
      queueIndex: hex,
      l1BlockNumber: toQuantity(relayed.l1Block),
    });
    expect(await ask(2, "rollup_getInfo")).toMatchObject({
      rollupContext: { queueIndex: Number(one["queueIndex"]) },
    });
  });
});

/** Sends a message from L1, and waits until L2 has executed a later block's transaction of the queue. */
async function crossed(message: string, gasLimit: number): Promise<{ l1Block: number; l2: string }> {
  const from = await bed.providers[2].getBlockNumber();
  const data = messenger.encodeFunctionData("sendMessage", [account(9).address, message, gasLimit]);
  const to = core["Proxy__L1CrossDomainMessenger"] ?? "";
  const sender = account(3).connect(bed.providers[1]);
  const sent = await sender.sendTransaction({ to, data, gasLimit: 8_000_000n });
  const receipt = await sent.wait();
  const topics = messenger.encodeFilterTopics("RelayedMessage", []);
  const l2 = await until("relayed message", async () => {
    const logs = await bed.providers[2].getLogs({ address: PREDEPLOYS.messenger, topics, fromBlock: from });
    return logs[0]?.transactionHash;
  });
  return { l1Block: receipt?.blockNumber ?? 0, l2 };
}

test("a message whose gas does not even pay for its data does not end the sequencer", async () => {
  const data = messenger.encodeFunctionData("sendMessage", [
    account(9).address,
    `0x${"11".repeat(40_000)}`,
    100_000,
  ]);
  const to = core["Proxy__L1CrossDomainMessenger"] ?? "";
  const sent = await account(3)
    .connect(bed.providers[1])
    .sendTransaction({ to, data, gasLimit: 16_000_000n });
  expect((await sent.wait())?.status).toBe(1);
  await crossed("0x5678", 200_000);
});

describe("receipts", () => {
  test.each([0, 1, 2])("of type %d tell the fee for their data, to the wei", async (type) => {
    const [payer, before] = [account(3).address, await bed.providers[2].getBlockNumber()];
    const data = `0x${Array.from({ length: 400 }, (_, at) => ((at * at * 31) % 251).toString(16).padStart(2, "0")).join("")}`;
    const receipt = await paid({ type, data, gasLimit: 100_000n });
    const block = Number(receipt["blockNumber"]);
    expect(block).toBeGreaterThan(before);
    const [had, has] = await Promise.all(
      [block - 1, block].map((at) => bed.providers[2].getBalance(payer, at)),
    );
    const gas = BigInt(String(receipt["gasUsed"])) * BigInt(String(receipt["effectiveGasPrice"]));
    expect((had ?? 0n) - (has ?? 0n) - 1n - gas).toBe(BigInt(String(receipt["l1Fee"])));
    expect(BigInt(String(receipt["l1Fee"]))).toBeGreaterThan(1_059_392_400_000n);
  });

  test.each([0, 2])("of type %d tell the operator fee, which is charged", async (type) => {
    const [scalar, constant] = [2_000_000n, 777n];
    const slot = (word: bigint) =>
      ask(2, "hardhat_setStorageAt", PREDEPLOYS.l1Block, "0x8", `0x${word.toString(16).padStart(64, "0")}`);
    await slot((scalar << 64n) | constant);
    try {
      const receipt = await paid({ type });
      const block = Number(receipt["blockNumber"]);
      const payer = account(3).address;
      const [had, has] = await Promise.all(
        [block - 1, block].map((at) => bed.providers[2].getBalance(payer, at)),
      );
      const gasUsed = BigInt(String(receipt["gasUsed"]));
      const known = gasUsed * BigInt(String(receipt["effectiveGasPrice"])) + BigInt(String(receipt["l1Fee"]));
      expect((had ?? 0n) - (has ?? 0n) - 1n - known).toBe((gasUsed * scalar) / 1_000_000n + constant);
      expect(receipt).toMatchObject({
        operatorFeeScalar: toQuantity(scalar),
        operatorFeeConstant: toQuantity(constant),
      });
    } finally {
      await slot(0n);
    }
  });
});

test("rollup_getInfo and rollup_gasPrices answer", async () => {
  expect(await ask(2, "rollup_getInfo")).toEqual({
    mode: "sequencer",
    syncing: false,
    ethContext: { blockNumber: expect.any(Number), timestamp: expect.any(Number) },
    rollupContext: { index: expect.any(Number), queueIndex: expect.any(Number) },
  });
  expect(await ask(2, "rollup_gasPrices")).toEqual({ l1GasPrice: "0x3b9aca00", l2GasPrice: hex });
});

test("no contract of one chain has the address of one of the other", async () => {
  const all = [...Object.values(core), ...Object.values(boba)];
  for (const address of all) {
    const codes = await Promise.all([1, 2].map((chain) => bed.providers[chain as 1 | 2].getCode(address)));
    expect(
      codes.filter((code) => code !== "0x"),
      address,
    ).toHaveLength(1);
  }
});

test("a call is lent the fee for its data, and not what it is to send", async () => {
  const from = `0x${"cd".repeat(20)}`;
  await ask(2, "hardhat_setBalance", from, "0x2");
  expect(await ask(2, "eth_call", { from, to: account(9).address, value: "0x2" }, "latest")).toBe("0x");
  const more = { from, to: account(9).address, value: "0x3" };
  const params = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_call", params: [more, "latest"] });
  const answer: unknown = await (
    await fetch(bed.spawned.description.l2, { method: "POST", body: params })
  ).json();
  expect(answer).toMatchObject({ error: { message: expect.stringContaining("enough funds") } });
});

test("nobody can make data so dear that the services cannot pay for theirs", async () => {
  const slot = await ask(2, "eth_getStorageAt", PREDEPLOYS.l1Block, "0x1", "latest");
  const dear = ask(2, "hardhat_setStorageAt", PREDEPLOYS.l1Block, "0x1", `0x${"f".repeat(64)}`);
  await expect(dear).rejects.toThrow(/own services could not pay that/);
  expect(await ask(2, "eth_getStorageAt", PREDEPLOYS.l1Block, "0x1", "latest")).toBe(slot);
  await crossed("0x9abc", 200_000);
});
