import { parseEther, toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WRONG_RECIPIENT } from "../../../../fixtures/local-stack/faults/plan.ts";
import { ABI } from "../../../../stress/protocols/ovm2/contracts.ts";
import { PREDEPLOYS } from "../../../../stress/protocols/ovm2/predeploys.ts";
import { openTestBed, type TestBed } from "../../../run/running.ts";
import { account, Bridge } from "../bridge.ts";
import { underFaults } from "../../faults/under-faults.ts";

let bed: TestBed;
let bridge: Bridge;

beforeAll(async () => {
  bed = await openTestBed();
  bridge = await Bridge.open(bed);
});

afterAll(() => bed.close());

const AMOUNT = parseEther("1");
const LESS = parseEther("0.25");

const CHAINS = [
  { chain: 1, way: "FX", from: 1 },
  { chain: 2, way: "FO", from: 2 },
] as const;

/** What the pool pays for a deposit with this rate, in thousandths. */
const net = (amount: bigint, rate: bigint): bigint => amount - (amount * rate) / 1000n;

async function rateOf(chain: 1 | 2): Promise<bigint> {
  const token = chain === 1 ? `0x${"0".repeat(40)}` : PREDEPLOYS.eth;
  const abi = chain === 1 ? ABI.L1LiquidityPool : ABI.L2LiquidityPool;
  const call = async (name: string, args: unknown[]): Promise<bigint> => {
    const data = abi.encodeFunctionData(name, args);
    return BigInt(await bed.providers[chain].call({ to: bridge.pools[chain], data }));
  };
  return (await call("getUserRewardFeeRate", [token])) + (await call("ownerRewardFeeRate", []));
}

describe.for(CHAINS)("the pool on L$chain", ({ chain, way, from }) => {
  const balance = (address: string, block?: number) =>
    bed.providers[chain].getBalance(address, block === undefined ? "latest" : toQuantity(block));

  /** Wei that an account got in a block. */
  const gotIn = async (address: string, block: number) =>
    (await balance(address, block)) - (await balance(address, block - 1));

  test("pays a wrong amount while the fault lasts, and the right one afterwards", async () => {
    const rate = await rateOf(chain);
    let id = "";
    const faults = [{ fault: "wrong amount", chain, less: String(LESS) }];
    const records = await underFaults(bed, faults, async () => {
      id = await bridge.message(way, from, AMOUNT);
      const [payment] = await bridge.payments(way, id);
      expect(payment).toMatchObject({ to: account(from).address, amount: net(AMOUNT - LESS, rate) });
      expect(await gotIn(account(from).address, payment?.block ?? 0)).toBe(payment?.amount);
    });
    expect(records).toMatchObject([{ fault: "wrong amount", chain, message: id, wei: String(LESS) }]);
    const [right] = await bridge.payments(way, await bridge.message(way, from, AMOUNT));
    expect(right?.amount).toBe(net(AMOUNT, rate));
  });

  test("pays a wrong recipient, as often as the plan says", async () => {
    const faults = [{ fault: "wrong recipient", chain, most: 1 }];
    const ids: string[] = [];
    const records = await underFaults(bed, faults, async () => {
      ids.push(await bridge.message(way, from, AMOUNT));
      const [wrong] = await bridge.payments(way, ids[0] ?? "");
      expect(wrong?.to).toBe(WRONG_RECIPIENT);
      expect(await gotIn(WRONG_RECIPIENT, wrong?.block ?? 0)).toBe(wrong?.amount);
      ids.push(await bridge.message(way, from, AMOUNT));
      const [right] = await bridge.payments(way, ids[1] ?? "");
      expect(right?.to).toBe(account(from).address);
    });
    expect(records).toMatchObject([{ chain, message: ids[0], to: WRONG_RECIPIENT, wei: "0" }]);
  });

  test("skims payments: the event is right, the balances are not", async () => {
    const rate = await rateOf(chain);
    const pool = bridge.pools[chain];
    let id = "";
    const records = await underFaults(bed, [{ fault: "skim", chain, wei: "777" }], async () => {
      id = await bridge.message(way, from, AMOUNT);
      const [payment] = await bridge.payments(way, id);
      expect(payment).toMatchObject({ to: account(from).address, amount: net(AMOUNT, rate) });
      const got = await gotIn(account(from).address, payment?.block ?? 0);
      expect(got).toBe(net(AMOUNT, rate) - 777n);
      expect(await gotIn(pool, payment?.block ?? 0)).toBe(-got);
    });
    expect(records).toMatchObject([{ fault: "skim", chain, message: id, wei: "777" }]);
  });

  test("is drained for a while: crossings are settled back, and it gets its ETH back", async () => {
    const pool = bridge.pools[chain];
    const had = await balance(pool);
    let id = "";
    const records = await underFaults(bed, [{ fault: "drain pool", chain }], async (soFar) => {
      await expect.poll(soFar, { interval: 30 }).toHaveLength(1);
      expect(await balance(pool)).toBe(0n);
      id = await bridge.message(way, from, AMOUNT);
      const [relay] = await bridge.relayed(way, id);
      expect(relay?.logs.some(({ address }) => address === pool)).toBe(false);
    });
    expect(records).toMatchObject([
      { fault: "drain pool", chain, wei: String(had), until: expect.any(Number) },
    ]);
    expect(await balance(pool)).toBe(had);
  });
});
