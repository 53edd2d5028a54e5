import { parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import type { Child } from "../../../stress/engine/run/child.ts";
import {
  type Choice,
  Dispatcher,
  settleOnChain,
  type Shares,
} from "../../../stress/engine/run/dispatcher.ts";
import type { RunView } from "../../../stress/protocols/operation.ts";
import { ovm2 } from "../../../stress/protocols/ovm2/index.ts";
import type { OvmView } from "../../../stress/protocols/ovm2/operation.ts";
import { childWith, runWith } from "../../fakes/net.ts";

const NONE: Shares = { 1: {}, 2: {} };
const onL1 = (shares: Record<string, number>): Shares => ({ 1: shares, 2: {} });
const onL2 = (shares: Record<string, number>): Shares => ({ 1: {}, 2: shares });

interface Conditions {
  readonly run?: Partial<RunView<OvmView>>;
  readonly bridge?: Partial<OvmView>;
}

const dispatcher = (shares: Shares, { run, bridge }: Conditions = {}, seed = 1): Dispatcher =>
  new Dispatcher(ovm2.operations, shares, seed, runWith(run, bridge));

const rich = { 1: parseEther("1"), 2: parseEther("1") };

/** The code of a choice, or its kind where it is no operation. */
const codeOf = (choice: Choice): string =>
  choice.kind === "operation" ? choice.operation.code : choice.kind;

const choices = (from: Dispatcher, child: Child, count: number): string[] =>
  Array.from({ length: count }, () => codeOf(from.choose(child)));

const CHOICES = 10_000;

/** The part of many choices of a child that each code has. */
function parts(shares: Shares, child: Child): Map<string, number> {
  const found = new Map<string, number>();
  for (const code of choices(dispatcher(shares), child, CHOICES)) {
    found.set(code, (found.get(code) ?? 0) + 1 / CHOICES);
  }
  return found;
}

/** Within four standard deviations of what is to be expected. */
function expectPart(found: number | undefined, part: number): void {
  const deviation = Math.sqrt((part * (1 - part)) / CHOICES);
  expect(Math.abs((found ?? 0) - part)).toBeLessThan(4 * deviation);
}

describe("shares", () => {
  test("are rolled one after the other, and payments are the rest", () => {
    const found = parts(onL1({ AL: 10, FO: 20, SO: 50 }), childWith({ balance: rich }));
    expectPart(found.get("AL"), 0.1);
    expectPart(found.get("FO"), 0.9 * 0.2);
    expectPart(found.get("SO"), 0.9 * 0.8 * 0.5);
    expectPart(found.get("PY"), 0.9 * 0.8 * 0.5);
  });

  test("of L2 are rolled on L2", () => {
    const found = parts({ 1: { FO: 100 }, 2: { FX: 25, SX: 10 } }, childWith({ on: 2, balance: rich }));
    expectPart(found.get("FX"), 0.25);
    expectPart(found.get("SX"), 0.75 * 0.1);
    expect([...found.keys()].toSorted()).toEqual(["FX", "PY", "SX"]);
  });

  test("of 100 always hit", () => {
    expect(choices(dispatcher(onL1({ FO: 100 })), childWith({}), 50)).toEqual(Array(50).fill("FO"));
  });

  test("of none at all are payments only", () => {
    expect(choices(dispatcher(NONE), childWith({}), 50)).toEqual(Array(50).fill("PY"));
  });

  test("that leave out payments may leave a turn without an operation", () => {
    const found = parts(onL1({ PY: 30 }), childWith({}));
    expectPart(found.get("PY"), 0.3);
    expectPart(found.get("nothing now"), 0.7);
  });
});

describe("liquidity", () => {
  const both = onL1({ AL: 30, RL: 60 });

  test("is added, and not removed, where there is no stake", () => {
    const found = parts(both, childWith({}));
    expectPart(found.get("AL"), 0.3);
    expect(found.has("RL")).toBe(false);
  });

  test("is removed, and not added, where there is a stake", () => {
    const found = parts(both, childWith({ stake: { 1: 5n } }));
    expectPart(found.get("RL"), 0.6);
    expect(found.has("AL")).toBe(false);
  });

  test("of the other chain does not count", () => {
    expect(parts(both, childWith({ stake: { 2: 5n } })).has("RL")).toBe(false);
  });
});

describe("a seed", () => {
  const shares = onL1({ AL: 10, FO: 30, SO: 30 });
  const sequence = (seed: number, number: number): string[] =>
    choices(dispatcher(shares, {}, seed), childWith({ number, balance: rich }), 30);

  test("gives a child the same sequence of choices again", () => {
    expect(sequence(7, 3)).toEqual(sequence(7, 3));
  });

  test("gives each child a sequence of its own", () => {
    expect(sequence(7, 3)).not.toEqual(sequence(7, 4));
  });

  test("decides the sequence", () => {
    expect(sequence(7, 3)).not.toEqual(sequence(8, 3));
  });

  test("also decides what an operation draws", () => {
    const [one, two] = [0, 1].map(() => dispatcher(NONE).choose(childWith({})));
    if (one?.kind !== "operation" || two?.kind !== "operation") throw new Error("want operations");
    expect(one.draws("payee")).toBe(two.draws("payee"));
  });
});

describe("a refusal", () => {
  const poor = { bridge: { poolFree: () => parseEther("1") } };

  test.each([
    ["FX", "SX", "over half of the L1 pool", 2 as const],
    ["FO", "SO", "over half of the L2 pool", 1 as const],
  ])("of %s over half of the pool falls back to %s and is recorded", (code, instead, reason, on) => {
    const shares: Shares = { 1: { [code]: 100 }, 2: { [code]: 100 } };
    const choice = dispatcher(shares, poor).choose(childWith({ on, balance: rich }));
    expect(choice).toMatchObject({ operation: { code: instead }, refusals: [{ code, reason }] });
  });

  test("of an exit by the last child of five leads to a payment instead", () => {
    const shares = onL2({ FX: 100, SX: 100 });
    const choice = dispatcher(shares, { run: { mayLeaveL2: () => false } }).choose(
      childWith({ on: 2, balance: rich }),
    );
    expect(choice).toMatchObject({
      operation: { code: "PY" },
      refusals: [
        { code: "FX", reason: "one in five stays on L2" },
        { code: "SX", reason: "one in five stays on L2" },
      ],
    });
  });

  test("of everything leaves nothing to do now, and the turn comes again", () => {
    const conditions = { run: { mayLeaveL2: () => false } };
    const child = childWith({ on: 2, balance: rich });
    expect(dispatcher(onL2({ FX: 100, PY: 0 }), conditions).choose(child)).toEqual({ kind: "nothing now" });
    expect(child.turn).toBe(0);
  });

  test("that is over lets the same choice be made after all", () => {
    let mayLeave = false;
    const from = dispatcher(onL2({ FX: 100, PY: 0 }), { run: { mayLeaveL2: () => mayLeave } });
    const child = childWith({ on: 2, balance: rich });
    from.choose(child);
    mayLeave = true;
    expect([codeOf(from.choose(child)), child.turn]).toEqual(["FX", 1]);
  });

  test("is not recorded where nothing was refused", () => {
    expect(dispatcher(onL1({ FO: 100 })).choose(childWith({}))).toMatchObject({ refusals: [] });
  });
});

test("a turn in which no share hits is over", () => {
  const child = childWith({});
  expect(dispatcher(onL1({ PY: 0 })).choose(child)).toEqual({ kind: "nothing now" });
  expect(child.turn).toBe(1);
});

describe("a child that is too poor where it is", () => {
  const minimum = runWith().minimumBalance;

  test("changes to the chain where it has enough", () => {
    const child = childWith({ on: 1, balance: { 1: minimum - 1n, 2: minimum } });
    expect([settleOnChain(child, minimum), child.on]).toEqual([true, 2]);
  });

  test("stays where it has just enough", () => {
    const child = childWith({ on: 1, balance: { 1: minimum, 2: 10n * minimum } });
    expect([settleOnChain(child, minimum), child.on]).toEqual([true, 1]);
  });

  test("performs the operations of the other chain", () => {
    const child = childWith({ on: 1, balance: { 1: 0n, 2: parseEther("1") } });
    expect(codeOf(dispatcher({ 1: { FO: 100 }, 2: { FX: 100 } }).choose(child))).toBe("FX");
  });

  test("and on the other chain, too, does nothing, and its turn comes again", () => {
    const child = childWith({ on: 1, balance: { 1: minimum - 1n, 2: minimum - 1n } });
    expect(dispatcher(NONE).choose(child)).toEqual({ kind: "too poor" });
    expect([child.on, child.turn]).toEqual([1, 0]);
  });
});
