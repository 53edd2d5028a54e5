import { afterAll, beforeAll, expect, test } from "vitest";
import { PREDEPLOYS } from "../../stress/protocols/ovm2/predeploys.ts";
import { amountOf, BALANCE } from "../../stress/engine/ledger/index.ts";
import { L1_DATA_FEE, OPERATOR_FEE } from "../../stress/protocols/fees.ts";
import { openTestBed, runOn, type TestBed } from "./running.ts";

let bed: TestBed;

/** Isthmus: 4,000 wei for each unit of gas, and 0.0003 ETH for each transaction: more than gas and data together. */
const SCALAR = 4_000_000_000n;
const CONSTANT = 300_000_000_000_000n;

beforeAll(async () => {
  bed = await openTestBed();
  const word = ((SCALAR << 64n) | CONSTANT).toString(16).padStart(64, "0");
  await bed.providers[2].send("hardhat_setStorageAt", [PREDEPLOYS.l1Block, "0x8", `0x${word}`]);
});

afterAll(() => bed.close());

test("an operator fee is in the books, stays behind where it has to, and everything comes back", async () => {
  const { result, records } = await runOn(bed, { children: 6, duration: 4000 });
  expect(result.problems).toEqual([]);
  expect([result.failed, result.findings, result.clean]).toEqual([[], [], true]);
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.ledger.unaccounted).toEqual({ 1: 0n, 2: 0n });
  const l2 = result.ledger.chains[2];
  if (l2.kind !== "reconciled") throw new Error(l2.reason);
  const charged = (cause: string): bigint => -amountOf(l2.causes[cause] ?? {}, BALANCE);
  const refunds = records.flatMap((record) =>
    record.record === "done" && record.code === "RF" ? [record] : [],
  );
  const onL2 = refunds.filter(({ chain }) => chain === 2).length;
  expect(onL2).toBeGreaterThan(0);
  expect(charged(OPERATOR_FEE)).toBeGreaterThanOrEqual(CONSTANT * BigInt(onL2));
  expect(charged(L1_DATA_FEE)).toBeGreaterThan(0n);
  expect(result.dust).toBeGreaterThan(CONSTANT * 6n);
  // What refunds leave is what L1's fees may grow by: the operator's fee was reckoned to the wei, and none of it stays.
  expect(result.unreturned).toBeLessThan(CONSTANT);
  expect(refunds.length).toBeGreaterThanOrEqual(6);
  expect(refunds.every(({ succeeded }) => succeeded)).toBe(true);
});
