import { setTimeout as sleep } from "node:timers/promises";
import { Interface, parseEther, WebSocketProvider } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../faults/until.ts";
import { account, Depositor, type RawReceipt } from "./depositor.ts";
import { type OpBed, openOpBed } from "./op-bed.ts";

const WETH = "0x4200000000000000000000000000000000000006";

/** Milliseconds for which the busiest of machines takes some blocks of two seconds. */
const PATIENCE = 45_000;

let bed: OpBed;

beforeAll(async () => {
  // Blocks so slow that the machine need not be quick.
  bed = await openOpBed({ l1BlockTime: 1000, l2BlockTime: 2000, preconfirmations: 50 });
});

afterAll(() => bed.close());

const ask = (method: string, ...params: unknown[]): Promise<unknown> => bed.providers[2].send(method, params);

/** The receipts of a transaction that were told one after the other, up to that of a block that there is. */
async function receiptsOf(hash: string): Promise<RawReceipt[]> {
  const told: RawReceipt[] = [];
  await until("a receipt of a block", async () => {
    const receipt = (await ask("eth_getTransactionReceipt", hash)) as RawReceipt | null;
    if (receipt === null) return undefined;
    told.push(receipt);
    return (await ask("eth_getBlockByHash", receipt["blockHash"], false)) === null ? undefined : true;
  });
  return told;
}

/** Sends until one is seen whose receipts are such: which of them come before a block depends on when it is sent. */
function seen(
  which: (first: RawReceipt, last: RawReceipt) => boolean,
  send: () => Promise<{ readonly hash: string }>,
): Promise<{ readonly hash: string; readonly first: RawReceipt; readonly last: RawReceipt }> {
  return until(
    "such receipts",
    async () => {
      const { hash } = await send();
      const receipts = await receiptsOf(hash);
      const [first, last] = [receipts.at(0), receipts.at(-1)];
      // Told more than once, the first was of no block.
      if (first === undefined || last === undefined || receipts.length < 2) return undefined;
      return which(first, last) ? { hash, first, last } : undefined;
    },
    PATIENCE,
  );
}

test("a transaction has a receipt before its block, and keeps what it says", async () => {
  const wallet = account(3).connect(bed.providers[2]);
  const abi = new Interface(["function deposit() payable"]);
  const data = abi.encodeFunctionData("deposit");
  const { hash, first, last } = await seen(
    () => true,
    () => wallet.sendTransaction({ to: WETH, value: 7n, data, gasLimit: 100_000n }),
  );
  const same = ["blockNumber", "status", "gasUsed", "l1Fee", "transactionIndex"];
  expect(same.map((key) => first[key])).toEqual(same.map((key) => last[key]));
  expect(first["status"]).toBe("0x1");
  const events = ({ logs }: RawReceipt) => logs.map((log) => [log["address"], log["topics"], log["data"]]);
  expect(events(first)).toEqual(events(last));
  expect(await ask("eth_getTransactionByHash", hash)).toMatchObject({ blockHash: last["blockHash"] });
});

test("the blocks that are built to see are told to nobody", async () => {
  const socket = new WebSocketProvider(bed.urls[2].replace("http", "ws"));
  const heads: string[] = [];
  const listen = socket.websocket as unknown as {
    on(event: "message", listener: (data: Buffer) => void): void;
  };
  await socket.send("eth_subscribe", ["newHeads"]);
  listen.on("message", (data) => {
    const { params } = JSON.parse(data.toString()) as { params?: { result: { hash: string } } };
    if (params !== undefined) heads.push(params.result.hash);
  });
  for (let index = 0; index < 5; index++) {
    const wallet = account(4 + index).connect(bed.providers[2]);
    await wallet.sendTransaction({ to: wallet.address, value: 1n, gasLimit: 21_000n });
    await sleep(100);
  }
  await until("some heads", async () => (heads.length >= 3 ? true : undefined));
  for (const hash of heads) expect(await ask("eth_getBlockByHash", hash, false)).toMatchObject({ hash });
  const numbers = await Promise.all(
    heads.map(async (hash) => (await bed.providers[2].getBlock(hash))?.number ?? 0),
  );
  expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
  await socket.destroy();
});

test("deposits and balances are as without them", async () => {
  const to = account(10).address;
  const before = await bed.providers[2].getBalance(to);
  const wallet = account(11).connect(bed.providers[2]);
  const sent = await wallet.sendTransaction({ to, value: parseEther("1"), gasLimit: 21_000n });
  await receiptsOf(sent.hash);
  await new Depositor(bed, account(11)).deposit({ to, value: 3n });
  expect((await bed.providers[2].getBalance(to)) - before).toBe(parseEther("1") + 3n);
});

test("a fault has them broken: the transaction is in a later block", async () => {
  const url = `${bed.spawned.description.addresses}/faults`;
  const faults = [{ fault: "break preconfirmations" }];
  expect((await fetch(url, { method: "POST", body: JSON.stringify({ faults }) })).status).toBe(200);
  const wallet = account(12).connect(bed.providers[2]);
  const { hash } = await seen(
    (first, last) => Number(first["blockNumber"]) < Number(last["blockNumber"]),
    () => wallet.sendTransaction({ to: wallet.address, value: 1n, gasLimit: 21_000n }),
  );
  const injected: unknown = await (await fetch(url, { method: "DELETE" })).json();
  expect(injected).toContainEqual(
    expect.objectContaining({ fault: "break preconfirmations", transaction: hash }),
  );
});
