import { Interface, WebSocketProvider } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../faults/until.ts";
import { account, Depositor } from "./depositor.ts";
import { type OpBed, openOpBed } from "./op-bed.ts";

const WETH = "0x4200000000000000000000000000000000000006";

let bed: OpBed;
let socket: WebSocketProvider;

beforeAll(async () => {
  bed = await openOpBed();
  socket = new WebSocketProvider(bed.urls[2].replace("http", "ws"));
});

afterAll(async () => {
  await socket.destroy();
  await bed.close();
});

type Event = string | Readonly<Record<string, unknown>>;

/** Takes down what subscribers are told of something. */
async function subscribe(...what: unknown[]): Promise<Event[]> {
  const told: Event[] = [];
  const id: unknown = await socket.send("eth_subscribe", what);
  const listen = socket.websocket as unknown as {
    on(event: "message", listener: (data: Buffer) => void): void;
  };
  listen.on("message", (data) => {
    const { params } = JSON.parse(data.toString()) as { params?: { subscription: string; result: Event } };
    if (params !== undefined && params.subscription === id) told.push(params.result);
  });
  return told;
}

test("subscribers are told of deposits as everybody else is", async () => {
  const [heads, logs, pending] = [
    await subscribe("newHeads"),
    await subscribe("logs", { address: WETH }),
    await subscribe("newPendingTransactions"),
  ];
  const receipt = await new Depositor(bed, account(3)).deposit({ to: WETH, value: 5n });
  const hash = receipt["transactionHash"] ?? "";
  const log = await until("the deposit's log", async () =>
    logs.find((one) => typeof one !== "string" && one["transactionHash"] === hash),
  );
  expect(log).toEqual(receipt.logs[0]);
  expect(log).toHaveProperty("blockTimestamp");
  const head = await until("the deposit's block", async () =>
    heads.find((one) => typeof one !== "string" && one["hash"] === receipt["blockHash"]),
  );
  const fee = (typeof head === "string" ? {} : head)["baseFeePerGas"];
  const block: unknown = await bed.providers[2].send("eth_getBlockByHash", [receipt["blockHash"], false]);
  expect(block).toMatchObject({ baseFeePerGas: fee });
  expect(BigInt(String(fee))).toBeGreaterThan(0n);
  // Each hash they are told of is one that they can ask for.
  for (const one of pending) {
    expect(await bed.providers[2].send("eth_getTransactionByHash", [one])).toMatchObject({ hash: one });
  }
});

test("logs that fit a filter are told under the deposit's hash", async () => {
  const abi = new Interface(["event Deposit(address indexed dst, uint256 wad)"]);
  const topics = [abi.getEvent("Deposit")?.topicHash];
  const filter: unknown = await bed.providers[2].send("eth_newFilter", [{ address: WETH, topics }]);
  const receipt = await new Depositor(bed, account(4)).deposit({ to: WETH, value: 5n });
  const found = (await bed.providers[2].send("eth_getFilterLogs", [filter])) as { transactionHash: string }[];
  expect(found.map(({ transactionHash }) => transactionHash)).toContain(receipt["transactionHash"]);
});
