import { MaxUint256, parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import type { Chain } from "../../../stress/engine/base/index.ts";
import { BALANCE, Ledger } from "../../../stress/engine/ledger/index.ts";
import { Child } from "../../../stress/engine/run/child.ts";
import { Account } from "../../../stress/engine/transactions/index.ts";
import { TOKENS } from "../../../stress/protocols/erc20.ts";
import type { RunView, SendStep, StepEnd } from "../../../stress/protocols/operation.ts";
import { ABI, Contracts } from "../../../stress/protocols/op-stack/contracts.ts";
import type {
  FastDeposits,
  OpStackOperation,
  OpStackView,
} from "../../../stress/protocols/op-stack/operation.ts";
import type { Metering } from "../../../stress/protocols/op-stack/metering.ts";
import type { MinimumGas } from "../../../stress/protocols/op-stack/minimum-gas.ts";
import { fastExit } from "../../../stress/protocols/op-stack/operations/fast-exit.ts";
import { fastOnramp } from "../../../stress/protocols/op-stack/operations/fast-onramp.ts";
import { slowOnramp } from "../../../stress/protocols/op-stack/operations/slow-onramp.ts";
import { tokenExit } from "../../../stress/protocols/op-stack/operations/token-exit.ts";
import { tokenOnramp } from "../../../stress/protocols/op-stack/operations/token-onramp.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { receiptOf } from "../../fakes/receipts.ts";
import { contracts as withoutToken } from "./made-up.ts";

const TOKEN = { 1: addressOf(511), 2: addressOf(512) };

const contracts = new Contracts({ ...withoutToken.addresses, l1Token: TOKEN[1], l2Token: TOKEN[2] });

const funder = new Account(`0x${"5e".repeat(32)}`);

/** A child that has an ETH and 10 tokens on each chain, but for what is said. */
function childOn(on: Chain, own: Partial<Record<Chain, Record<string, bigint>>> = {}): Child {
  const ledger = new Ledger();
  const child = new Child(0, funder.deriveChild(1, 0), on, ledger);
  for (const chain of [1, 2] as const) {
    ledger.open(child.address, chain, 0);
    ledger.setOpening(child.address, chain, {
      [BALANCE]: parseEther("1"),
      [TOKENS]: 10n,
      ...own[chain],
    });
  }
  return child;
}

/** A fast bridge that refuses for a reason, or does not, and remembers what is set aside. */
function fastWith(reason?: string) {
  const asked: unknown[] = [];
  const owed = new Map<Chain, bigint>();
  const fast = {
    limits: {
      refusal: (from: Chain, amount: bigint) => {
        asked.push([from, amount]);
        return reason;
      },
      owe: (from: Chain, amount: bigint) => {
        owed.set(from, amount);
        return () => void owed.delete(from);
      },
    },
    deposit: (chain: Chain, amount: bigint) => ({
      chain,
      plan: { to: addressOf(513), data: "0x", value: amount, moves: [] },
    }),
  } as Pick<FastDeposits, "deposit"> & { limits: Pick<FastDeposits["limits"], "refusal" | "owe"> };
  return { asked, owed, fast: fast as FastDeposits };
}

/** L1 meters what the test says. */
class MadeUpMetering {
  readonly bridged = 300n;
  readonly bridgedTokens = 400n;
  readonly bought: bigint[] = [];
  readonly #refused: string | undefined;

  constructor(refused?: string) {
    this.#refused = refused;
  }

  refusal(): string | undefined {
    return this.#refused;
  }

  buy(gas: bigint): () => void {
    this.bought.push(gas);
    return () => void this.bought.push(-gas);
  }
}

const metering = (refused?: string): Metering & MadeUpMetering =>
  new MadeUpMetering(refused) as unknown as Metering & MadeUpMetering;

/** What a payment through the portal alone asks for. */
const portalGas = { paid: async () => 25_200n } as Partial<MinimumGas> as MinimumGas;

/** A run in which everything is possible: 1 gwei a gas. */
const runWith = (
  bridge: Partial<OpStackView> = {},
  own: Partial<Omit<RunView, "bridge">> = {},
): RunView<OpStackView> => ({
  bridge: {
    contracts,
    approvals: new Set<string>(),
    fast: undefined,
    minimumGas: { bridged: 1n, bridgedTokens: 2n },
    metering: metering(),
    withdrawals: { extent: { kind: "to the end" }, takes: 5000 },
    ...bridge,
  } as OpStackView,
  funder: funder.address,
  children: [],
  minimumBalance: parseEther("0.025"),
  feeBound: (_, gas) => gas * 10n ** 9n,
  mayLeaveL2: () => true,
  ...own,
});

/** The transactions of an operation, each mined at once, as far as they go without another chain. */
async function sends(
  operation: OpStackOperation,
  child: Child,
  run: RunView<OpStackView>,
): Promise<SendStep[]> {
  const steps = operation.steps(child, run, () => 0);
  const sent: SendStep[] = [];
  let next = await steps.next();
  while (next.done !== true && next.value.kind === "send") {
    sent.push(next.value);
    const end: StepEnd = { kind: "mined", receipt: receiptOf(), latest: () => undefined };
    next = await steps.next(end);
  }
  await steps.return();
  return sent;
}

describe.each([
  [fastOnramp, 1, "SO"],
  [fastExit, 2, "SX"],
] as const)("a fast crossing", (operation, from, slow) => {
  const { code } = operation;

  test(`${code} is refused where the target has no fast bridge, and ${slow} takes its place`, () => {
    expect(operation.ready(childOn(from), runWith())).toBe("the target has no fast bridge");
    expect(operation.fallback).toBe(slow);
  });

  test(`${code} is refused with what the fast bridge's limits say of its amount`, () => {
    const { asked, fast } = fastWith("over the most that the fast bridge takes at once");
    const run = runWith({ fast });
    const amount = parseEther("0.5");
    expect(operation.ready(childOn(from), run, { amount })).toBe(
      "over the most that the fast bridge takes at once",
    );
    expect(asked).toEqual([[from, amount]]);
  });

  test(`${code} sets what it deposits aside until it is over, however that ends`, async () => {
    const { owed, fast } = fastWith();
    const child = childOn(from);
    const run = runWith({ fast });
    expect(operation.ready(child, run)).toBeUndefined();
    const steps = operation.steps(child, run, () => 0, { amount: 7n });
    expect((await steps.next()).value).toMatchObject({ kind: "send", chain: from, plan: { value: 7n } });
    expect(owed.get(from)).toBe(7n);
    await steps.return();
    expect(owed.size).toBe(0);
  });

  test(`${code} leaves what the next withdrawal takes on L1, or the minimum balance where that is more`, async () => {
    const { fast } = fastWith();
    const [step] = await sends(operation, childOn(from), runWith({ fast }));
    expect(step?.plan.value).toBe(parseEther("0.975"));
    const dear = runWith({ fast }, { feeBound: (_, gas) => gas * 4n * 10n ** 11n });
    const [less] = await sends(operation, childOn(from), dear);
    expect(less?.plan.value).toBe(parseEther("1") - (from === 1 ? 1_320_000n : 120_000n) * 4n * 10n ** 11n);
  });
});

test("a fast exit is refused where the child must stay on L2", () => {
  const { fast } = fastWith();
  const run = runWith({ fast }, { mayLeaveL2: () => false });
  expect(fastExit.ready(childOn(2), run)).toBe("one in five stays on L2");
});

describe("a deposit", () => {
  test.each([slowOnramp, tokenOnramp])("$code waits while L1 meters too many, and says so", (operation) => {
    const run = runWith({ metering: metering("too many") });
    expect(operation.ready(childOn(1), run)).toBe("too many");
    expect(operation.ready(childOn(1), runWith())).toBeUndefined();
  });

  test("sets the gas that it asks for aside until it is over", async () => {
    const metered = metering();
    await sends(slowOnramp, childOn(1), runWith({ metering: metered, minimumGas: portalGas }));
    expect(metered.bought).toEqual([25_200n, -25_200n]);
  });
});

describe("tokens", () => {
  test("are half of what the child has, or what is wanted", async () => {
    const amountOf = async (own: Record<string, bigint>, wanted?: bigint) => {
      const run = runWith({ approvals: new Set([childOn(1).address]) });
      const steps = tokenOnramp.steps(childOn(1, { 1: own }), run, () => 0, { amount: wanted });
      const { value } = await steps.next();
      await steps.return();
      return value?.kind === "send" ? value.crossing?.amount : undefined;
    };
    expect(await amountOf({})).toBe(5n);
    expect(await amountOf({ [TOKENS]: 9n })).toBe(4n);
    expect(await amountOf({}, 3n)).toBe(3n);
  });

  test.each([
    ["no token", tokenOnramp, 1, { contracts: withoutToken }, {}, "the target has no token"],
    ["no token", tokenExit, 2, { contracts: withoutToken }, {}, "the target has no token"],
    ["no tokens there", tokenOnramp, 1, {}, { 1: { [TOKENS]: 0n } }, "no tokens on L1"],
    ["one token, of which half is none", tokenExit, 2, {}, { 2: { [TOKENS]: 1n } }, "no tokens on L2"],
    ["too little ETH", tokenOnramp, 1, {}, { 1: { [BALANCE]: 1n } }, "balance below fees"],
    ["too little ETH", tokenExit, 2, {}, { 2: { [BALANCE]: 1n } }, "balance below fees"],
    [
      "nothing on L1",
      tokenExit,
      2,
      {},
      { 1: { [BALANCE]: 0n } },
      "too little on L1 to prove and finalise with",
    ],
  ] as const)("are refused where there is %s", (_, operation, from, bridge, own, reason) => {
    expect(operation.ready(childOn(from, own), runWith(bridge))).toBe(reason);
    expect(operation.ready(childOn(from), runWith())).toBeUndefined();
  });

  test("are refused where more are wanted than there are", () => {
    const wanted = { amount: 11n };
    expect(tokenOnramp.ready(childOn(1), runWith(), wanted)).toBe("fewer tokens on L1 than wanted");
    expect(tokenExit.ready(childOn(2), runWith(), wanted)).toBe("fewer tokens on L2 than wanted");
  });

  test("are allowed to be taken in a noted step before, once for each child", async () => {
    const run = runWith();
    const [approval, deposit, ...rest] = await sends(tokenOnramp, childOn(1), run);
    expect(rest).toEqual([]);
    expect(approval).toMatchObject({
      chain: 1,
      note: { name: "approval" },
      plan: { to: TOKEN[1], moves: [] },
    });
    expect(approval?.plan.data.endsWith(MaxUint256.toString(16))).toBe(true);
    expect(deposit?.note).toBeUndefined();
    expect((await sends(tokenOnramp, childOn(1), run)).map(({ note }) => note)).toEqual([undefined]);
  });

  test.each([
    [tokenOnramp, 1, 2],
    [tokenExit, 2, 1],
  ] as const)("go through the standard bridge, and are booked as tokens", async (operation, from, to) => {
    const run = runWith({ approvals: new Set([childOn(1).address]) });
    const [step] = await sends(operation, childOn(from), run);
    expect(step).toMatchObject({
      chain: from,
      crossing: { way: "token", asset: TOKENS, amount: 5n },
      plan: {
        to: contracts.bridge[from],
        value: 0n,
        moves: [{ asset: TOKENS, amount: -5n, cause: "crossing" }],
      },
    });
    const call = ABI.StandardBridge.parseTransaction({ data: step?.plan.data ?? "0x" });
    expect([call?.name, ...(call?.args ?? [])]).toEqual([
      "bridgeERC20",
      TOKEN[from],
      TOKEN[to],
      5n,
      2n,
      "0x",
    ]);
  });
});
