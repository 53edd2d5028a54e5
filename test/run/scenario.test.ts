import { readFileSync, statSync } from "node:fs";
import { HDNodeWallet } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { doneCodes, openTestBed, runOn, type TestBed, type TestRun, testTarget } from "./running.ts";

const SHARES = {
  1: { AL: 15, RL: 50, FO: 25, SO: 25 },
  2: { AL: 15, RL: 50, FX: 25, SX: 15 },
};

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

describe("a mixed run", () => {
  let run: TestRun;

  beforeAll(async () => {
    // So many that chance leaves none of the codes out, and not a time: a busy machine does little in a few seconds.
    run = await runOn(bed, { children: 12, operations: 120, duration: 600_000, shares: SHARES });
  });

  test("ends cleanly and with nothing failed", () => {
    expect(run.result.reason).toEqual({ kind: "operations" });
    expect(run.result.failed).toEqual([]);
    expect(run.result.clean).toBe(true);
    expect(run.opLog.trimEnd().split("\n").at(-1)).toMatch(
      /^# Clean exit at \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
    );
  });

  test("performs every operation, each child one at a time", () => {
    checkJournal(run.records);
    const codes = ["AL", "DN", "FO", "FX", "IF", "PY", "RF", "RL", "SO", "SX"];
    expect([...new Set(doneCodes(run.records))].sort()).toEqual(codes);
  });

  test("gives everything back: children have dust at most, and no stakes", async () => {
    expect(run.result.unreturned).toBeLessThanOrEqual(run.result.dust);
    const addresses = run.records.flatMap((record) => (record.record === "init" ? [record.address] : []));
    expect(addresses).toHaveLength(12);
    for (const address of addresses) {
      for (const chain of [1, 2] as const) {
        expect(await bed.providers[chain].getBalance(address)).toBeLessThan(2_500_000_000_000n);
      }
    }
  });

  test("keeps the bridge's ETH equal to L2's supply", async () => {
    expect(readFileSync(run.logs.mainLoop, "utf8")).toMatch(/ pools L1 .*, bridge \d/);
    const supply = await bed.providers[2].call({
      to: "0x4200000000000000000000000000000000000006",
      data: "0x18160ddd",
    });
    const { addresses } = bed.spawned.description;
    const { Proxy__L1StandardBridge: bridge } = (await (
      await fetch(`${addresses}/addresses.json`)
    ).json()) as {
      Proxy__L1StandardBridge: string;
    };
    expect(await bed.providers[1].getBalance(bridge)).toBe(BigInt(supply));
  });

  test("journals the accounts with mode 0600, and their keys nowhere else", () => {
    expect(statSync(run.logs.accounts("local")).mode & 0o777).toBe(0o600);
    const funder = HDNodeWallet.fromPhrase(
      "test test test test test test test test test test test junk",
      undefined,
      "m/44'/60'/0'/0/5",
    );
    expect(run.opLog + run.printed.join("\n")).not.toContain(funder.privateKey.slice(2));
  });

  test("has payments estimated to the gas that they take, in the predecessor's words: 21000/21000", () => {
    const payments = run.opLog.match(/^OP_DONE_,\d+,PY,.*$/gm) ?? [];
    expect(payments.length).toBeGreaterThan(0);
    for (const line of payments) expect(line).toMatch(/,1,21000\/21000,/);
  });

  test("reports balances, costs, batch gas and a table of the operations", () => {
    const text = run.printed.join("\n");
    for (const part of [
      "funder on L1: before",
      "cost of the run:",
      "fee vault: +",
      "Batch gas: CTC",
      "p99",
    ]) {
      expect(text).toContain(part);
    }
  });
});

test("the same seed gives the same accounts and each child the same sequence of choices", async () => {
  const plan = {
    children: 3,
    duration: 60_000,
    operations: 12,
    startChain: 2,
    shares: { 1: {}, 2: { AL: 20, RL: 20 } },
  } as const;
  const sequences = async (seed: number) => {
    const { records } = await runOn(bed, { ...plan, seed });
    const own = records.filter(
      (record) => record.record === "start" && ["PY", "AL", "RL"].includes(record.code),
    );
    const ofChild = (child: number) =>
      own.flatMap((record) => (record.record === "start" && record.child === child ? [record.code] : []));
    const addresses = records.flatMap((record) => (record.record === "init" ? [record.address] : []));
    return { addresses, codes: [0, 1, 2].map(ofChild) };
  };
  const [first, second] = [await sequences(11), await sequences(11)];
  expect(second.addresses).toEqual(first.addresses);
  for (const [child, codes] of first.codes.entries()) {
    const again = second.codes[child] ?? [];
    // Which child comes how far in twelve operations is a matter of timing; what each does is not.
    const both = Math.min(codes.length, again.length);
    expect(again.slice(0, both)).toEqual(codes.slice(0, both));
  }
  expect((await sequences(12)).addresses).not.toEqual(first.addresses);
});

test("ends after the given number of operations, and not one more", async () => {
  const { result, records } = await runOn(bed, {
    operations: 9,
    duration: 60_000,
    startChain: 2,
    shares: { 1: {}, 2: {} },
  });
  expect(result.reason).toEqual({ kind: "operations" });
  expect(doneCodes(records).filter((code) => code === "PY")).toHaveLength(9);
});

test("ends when its time is over", async () => {
  const { result } = await runOn(bed, { duration: 1000 });
  expect(result.reason).toEqual({ kind: "duration" });
  expect(result.clean).toBe(true);
});

test("ends when every child is below the minimum balance on both chains", async () => {
  const target = testTarget({ funding: { minimumBalanceEth: 0.025, perChildEth: 0.02 } });
  const { result } = await runOn(bed, { target, duration: 60_000 });
  expect(result.reason).toEqual({ kind: "all idle" });
  expect(result.clean).toBe(true);
});

test("turns a fast exit that is over half of the L1 pool into a slow one, and says so on the line before", async () => {
  const target = testTarget({ funding: { poolMinimumEth: 0.3 } });
  const shares = { 1: { PY: 0 }, 2: { FX: 100, PY: 0 } };
  const { opLog, result } = await runOn(bed, {
    target,
    children: 2,
    startChain: 2,
    operations: 1,
    duration: 60_000,
    shares,
  });
  expect(result.failed).toEqual([]);
  expect(opLog).toMatch(
    /^# refused=FX child=00\d instead=SX reason=over-half-of-the-L1-pool\nOP_START,00\d,SX,2,/m,
  );
});
