import { describe, expect, test } from "vitest";
import { CHAINS, otherChain } from "../../../stress/engine/base/chain.ts";
import { ABI } from "../../../stress/protocols/ovm2/contracts.ts";
import {
  OPERATIONS,
  operationOf,
  operationsOn,
  payoutEvents,
} from "../../../stress/protocols/ovm2/operations.ts";
import { topicOf } from "../../../stress/protocols/ovm2/payouts.ts";
import { isCrossing, type Operation } from "../../../stress/protocols/operation.ts";
import { contracts } from "../../fakes/contracts.ts";

const registry: readonly Operation[] = OPERATIONS;
const crossings = registry.filter(isCrossing);
const codes = registry.map(({ code }) => code);

describe("the registry", () => {
  test("has the codes that the log's format names", () => {
    expect(codes.toSorted()).toEqual(["AL", "FO", "FX", "PY", "RL", "SO", "SX"]);
  });

  test("has each code once, those of a run's own operations included", () => {
    const all = [...codes, "IF", "RF", "DN"];
    expect(new Set(all).size).toBe(all.length);
    for (const code of all) expect(code).toMatch(/^[A-Z]{2}$/);
  });

  test("rolls for payments last", () => {
    expect(codes.at(-1)).toBe("PY");
  });

  test("finds an operation by its code, and says where there is none", () => {
    expect(operationOf("FX").name).toBe("fast exit");
    expect(() => operationOf("XX")).toThrow("no operation XX");
  });

  test("offers on each chain what starts there", () => {
    expect(CHAINS.map((chain) => operationsOn(chain).map(({ code }) => code))).toEqual([
      ["AL", "RL", "FO", "SO", "PY"],
      ["AL", "RL", "FX", "SX", "PY"],
    ]);
  });
});

describe.each(crossings)("the crossing $code", ({ from, to, payout, fallback }) => {
  const events = [payout, ...(payout.settledBack === undefined ? [] : [payout.settledBack])];

  test("goes to the other chain", () => {
    expect(to).toBe(otherChain(from));
  });

  test("is paid out by an event of the ABI, on the chain it goes to", () => {
    for (const { contract, event, to: payee, amount } of events) {
      const names = ABI[contract].getEvent(event)?.inputs.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining([payee, amount]));
    }
    expect(payout.contract.startsWith(`L${to}`)).toBe(true);
  });

  test("is settled back, where that may happen, on the chain it came from", () => {
    for (const { contract } of events.slice(1)) expect(contract.startsWith(`L${from}`)).toBe(true);
  });

  test("falls back, where it does, to another crossing of the same way", () => {
    const other = fallback === undefined ? undefined : operationOf(fallback);
    expect(other?.from ?? from).toBe(from);
  });
});

describe("events watched for payouts", () => {
  test.each([
    [1 as const, ["ClientPayL1", "ClientPayL1Settlement"], "ETHWithdrawalFinalized"],
    [2 as const, ["ClientPayL2", "ClientPayL2Settlement"], "DepositFinalized"],
  ])("on chain %i are the pool's and the bridge's", (chain, ofPool, ofBridge) => {
    const { addresses, topics } = payoutEvents(chain, contracts);
    expect(addresses.toSorted()).toEqual(
      [contracts.pool[chain], contracts.bridge[chain]].map((address) => address.toLowerCase()).toSorted(),
    );
    const pool = chain === 1 ? ABI.L1LiquidityPool : ABI.L2LiquidityPool;
    const bridge = chain === 1 ? ABI.L1StandardBridge : ABI.L2StandardBridge;
    const hashes = [...ofPool.map((event) => pool.getEvent(event)), bridge.getEvent(ofBridge)];
    expect(new Set(topics)).toEqual(new Set(hashes.map((event) => event?.topicHash)));
  });

  test("that the ABI does not have are an error, not a silence", () => {
    const missing = { contract: "L1LiquidityPool", event: "Nothing", to: "a", amount: "b" } as const;
    expect(() => topicOf(missing)).toThrow("L1LiquidityPool has no event Nothing");
  });
});
