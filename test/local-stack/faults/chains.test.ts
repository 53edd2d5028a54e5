import { parseEther, Transaction } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaults } from "../../../fixtures/stack/faults.ts";
import { localStacks } from "../../../fixtures/local-stack/index.ts";
import { openTestBed, type TestBed } from "../../run/running.ts";
import { account, Bridge, FEES, type Way } from "../ovm2/bridge.ts";
import { blocks } from "./blocks.ts";
import { underFaults } from "./under-faults.ts";
import { until } from "./until.ts";

let bed: TestBed;
let bridge: Bridge;

beforeAll(async () => {
  bed = await openTestBed();
  bridge = await Bridge.open(bed);
});

afterAll(() => bed.close());

const AMOUNT = parseEther("1");
const GWEI = 10n ** 9n;

test.for([1, 2] as const)("a stopped L%i produces no blocks, the other chain does", async (chain) => {
  const service = chain === 1 ? "l1 blocks" : "l2 blocks";
  const other = chain === 1 ? 2 : 1;
  await underFaults(bed, [{ fault: "stop service", service, for: "600ms" }], async (soFar) => {
    await expect.poll(soFar, { interval: 20 }).toHaveLength(1);
    const head = await bed.providers[chain].getBlockNumber();
    const raw = await bridge.send(chain, 3, account(4).address, 1n);
    await blocks(bed, other, 1);
    expect(await bed.providers[chain].getBlockNumber()).toBe(head);
    // The time of the fault passes, not that of the plan.
    expect((await bridge.receiptOf(chain, raw)).blockNumber).toBeGreaterThan(head);
    const [record] = await soFar();
    expect((record?.until ?? 0) - (record?.at ?? 0)).toBeGreaterThanOrEqual(400);
  });
});

test.for([1, 2] as const)("a base fee spike on L%i keeps what offers less in the pool", async (chain) => {
  const way: Way = chain === 1 ? "SX" : "SO";
  let waiting = "";
  const records = await underFaults(bed, [{ fault: "base fee spike", chain, gwei: 50 }], async (soFar) => {
    await expect.poll(soFar, { interval: 20 }).toHaveLength(1);
    await blocks(bed, chain, 1);
    expect((await bed.providers[chain].getBlock("latest"))?.baseFeePerGas).toBe(50n * GWEI);
    waiting = await bridge.send(chain, 3, account(4).address, 1n);
    const fees = { ...FEES, maxFeePerGas: 60n * GWEI };
    const raw = await bridge.sign(chain, 5, account(4).address, 1n, "0x", fees);
    await bridge.broadcast(chain, raw);
    await bridge.receiptOf(chain, raw);
    // The services pay what it takes.
    await bridge.relayed(way, await bridge.message(way, 6, AMOUNT));
    const hash = Transaction.from(waiting).hash ?? "";
    expect(await bed.providers[chain].getTransactionReceipt(hash)).toBeNull();
  });
  expect(records).toMatchObject([{ fault: "base fee spike", chain, until: expect.any(Number) }]);
  expect((await bridge.receiptOf(chain, waiting)).status).toBe(1);
});

test("the JSON-RPC server goes away, and comes back on the same port", async () => {
  const { l2 } = bed.spawned.description;
  const ask = async (): Promise<number> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
    try {
      return (await fetch(l2, { method: "POST", body, keepalive: false })).status;
    } catch {
      return 0;
    }
  };
  const records = await underFaults(
    bed,
    [{ fault: "restart rpc", chain: 2, for: "300ms" }],
    async (soFar) => {
      await until("closed port", async () => ((await ask()) === 0 ? true : undefined));
      await until("open port", async () => ((await ask()) === 200 ? true : undefined));
      const [record] = await soFar();
      expect((record?.until ?? 0) - (record?.at ?? 0)).toBeGreaterThanOrEqual(290);
    },
  );
  expect(records).toHaveLength(1);
  // The plan's end does not wait for a port that shall stay closed for long.
  await underFaults(bed, [{ fault: "restart rpc", chain: 2, for: "1h" }], async () => {
    await until("closed port", async () => ((await ask()) === 0 ? true : undefined));
  });
  expect(await ask()).toBe(200);
});

describe("the address server", () => {
  const faults = (init?: RequestInit) => fetch(`${bed.spawned.description.addresses}/faults`, init);

  test("refuses an invalid plan with all its mistakes", async () => {
    const plan = {
      faults: [
        { fault: "drop relay", path: "deposit" },
        { fault: "skim", chain: 3, wei: "1" },
      ],
    };
    for (const [body, mistakes] of [
      ["{", 1],
      [JSON.stringify(plan), 2],
    ] as const) {
      const response = await faults({ method: "POST", body });
      expect(response.status).toBe(400);
      expect((await response.text()).split("\n")).toHaveLength(mistakes);
    }
  });

  test("refuses a second plan while one is active, and what is no method of its", async () => {
    const plan = localStacks.ovm2.faultPlan.parse({
      faults: [{ fault: "drain pool", chain: 1, after: "1h" }],
    });
    const active = await startFaults(bed.stack, plan);
    await expect(startFaults(bed.stack, plan)).rejects.toMatchObject({ code: "FAULTS_REFUSED" });
    expect((await faults({ method: "POST", body: JSON.stringify(plan) })).status).toBe(409);
    expect((await faults({ method: "PUT" })).status).toBe(405);
    expect(await active.end()).toEqual([]);
    expect((await faults({ method: "DELETE" })).status).toBe(200);
  });
});

test("a stack that is not local takes no faults", async () => {
  const plan = localStacks.ovm2.faultPlan.parse({ faults: [{ fault: "drain pool", chain: 1 }] });
  const places = [
    { from: "inline", addresses: {} },
    { from: "server", url: bed.spawned.description.l1 },
    { from: "server", url: "http://127.0.0.1:9" },
  ] as const;
  for (const addresses of places) {
    await expect(startFaults({ ...bed.stack, addresses }, plan)).rejects.toMatchObject({
      code: "FAULTS_REFUSED",
      message: expect.stringContaining("faults need the local stack"),
    });
  }
});
