import { describe, expect, test } from "vitest";
import { CHAINS, otherChain } from "../../../stress/engine/base/index.ts";
import { isCrossing, type Operation } from "../../../stress/protocols/operation.ts";
import { ABI } from "../../../stress/protocols/ovm2/contracts.ts";
import { topicOf } from "../../../stress/protocols/decode.ts";
import { OPERATIONS } from "../../../stress/protocols/ovm2/operations.ts";
import { chainOf, payoutSources } from "../../../stress/protocols/ovm2/payouts.ts";
import { bridgeOn } from "../../fakes/bridge.ts";
import { FakeChain } from "../../fakes/chain.ts";
import { contracts } from "../../fakes/contracts.ts";
import { operationOf } from "../../fakes/crossings.ts";

const codes = OPERATIONS.map(({ code }) => code);

describe("the registry", () => {
  test("has the codes that the log's format names", () => {
    expect(codes.toSorted()).toEqual(["AL", "FO", "FX", "PY", "RL", "SO", "SX"]);
  });

  test("has each code once, those of a run's own operations included", () => {
    const all = [...codes, "IF", "RF", "DN"];
    expect(new Set(all).size).toBe(all.length);
    for (const code of all) expect(code).toMatch(/^[A-Z]{2}$/);
  });

  test("rolls for payments last, and leaves them the rest", () => {
    expect(OPERATIONS.filter(({ share }) => share === "rest").map(({ code }) => code)).toEqual(["PY"]);
    expect(codes.at(-1)).toBe("PY");
  });

  test("offers on each chain what starts there", () => {
    const on = CHAINS.map((chain) =>
      OPERATIONS.filter(({ from }) => from === "either" || from === chain).map(({ code }) => code),
    );
    expect(on).toEqual([
      ["AL", "RL", "FO", "SO", "PY"],
      ["AL", "RL", "FX", "SX", "PY"],
    ]);
  });

  test("says what children do where a target names no shares", () => {
    expect(Object.fromEntries(OPERATIONS.map(({ code, share }) => [code, share]))).toEqual({
      AL: 5,
      RL: 5,
      FO: 20,
      SO: 20,
      FX: 20,
      SX: 20,
      PY: "rest",
    });
  });
});

const crossings = OPERATIONS.filter(isCrossing);

describe.each(crossings)("the crossing $code", ({ from, to, payouts = [], fallback }) => {
  const [paid, ...settledBack] = payouts;

  test("goes to the other chain", () => {
    expect(to).toBe(otherChain(from));
  });

  test("is paid out by an event of the ABI, on the chain it goes to", () => {
    expect(paid && chainOf(paid)).toBe(to);
    for (const { contract, event, to: payee, amount, fee, token } of payouts) {
      const names = ABI[contract].getEvent(event)?.inputs.map(({ name }) => name);
      const read = [payee, amount, fee, token].filter((name) => name !== undefined);
      expect(names).toEqual(expect.arrayContaining(read));
    }
  });

  test("is settled back, where that may happen, on the chain it came from and in its own way", () => {
    for (const event of settledBack) expect([chainOf(event), event.way]).toEqual([from, paid?.way]);
  });

  test("falls back, where it does, to another crossing from the same chain", () => {
    const other: Operation | undefined = fallback === undefined ? undefined : operationOf(fallback);
    expect([other?.from ?? from, other?.to ?? to]).toEqual([from, to]);
  });
});

describe("events watched for payouts", () => {
  test.each([
    [1 as const, ["ClientPayL1", "ClientPayL1Settlement"], "ETHWithdrawalFinalized"],
    [2 as const, ["ClientPayL2", "ClientPayL2Settlement"], "DepositFinalized"],
  ])("on chain %i are the pool's and the bridge's", async (chain, ofPool, ofBridge) => {
    const sources = payoutSources(OPERATIONS, chain, contracts);
    const own = [contracts.pool[chain], contracts.bridge[chain]].map((address) => address.toLowerCase());
    expect([...new Set(sources.map(({ address }) => address))].toSorted()).toEqual(own.toSorted());
    const pool = chain === 1 ? ABI.L1LiquidityPool : ABI.L2LiquidityPool;
    const bridge = chain === 1 ? ABI.L1StandardBridge : ABI.L2StandardBridge;
    const topics = [...ofPool.map((event) => topicOf(pool, event)), topicOf(bridge, ofBridge)];
    expect(new Set(sources.map(({ topic }) => topic))).toEqual(new Set(topics));
    const { interest } = (await bridgeOn({ 1: new FakeChain(), 2: new FakeChain() })).reader(chain);
    expect(interest.addresses).toEqual(expect.arrayContaining(own));
    expect(interest.topics).toEqual(expect.arrayContaining(topics));
  });

  test("that the ABI does not have are an error, not a silence", () => {
    expect(() => topicOf(ABI.L1LiquidityPool, "Nothing")).toThrow("the ABI has no event Nothing");
  });
});
