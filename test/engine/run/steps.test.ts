import { describe, expect, test, vi } from "vitest";
import type { Chain } from "../../../stress/engine/base/index.ts";
import type { SendStep, Step } from "../../../stress/protocols/operation.ts";
import { nodeError } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { callWith, stepping } from "../../fakes/stepping.ts";
import { settled, wakeAll } from "../../fakes/timers.ts";

const approval = (): SendStep => ({
  kind: "send",
  chain: 2,
  plan: callWith(33_000n),
  what: "approval",
  note: { name: "approval" },
});

const own = (): SendStep => ({ kind: "send", chain: 2, plan: callWith(70_000n) });

/** A step that is a comment in the journal, on L1. */
const noted = (name: string, values?: Readonly<Record<string, string>>) => (): SendStep => ({
  kind: "send",
  chain: 1,
  plan: callWith(44_000n),
  what: name,
  note: values === undefined ? { name } : { name, values },
});

/** Waits until a chain has a block, and keeps which blocks it was asked about. */
function until(chain: Chain, block: number) {
  const asked: number[] = [];
  const step = (): Step => ({
    kind: "wait",
    chain,
    what: "proof",
    isMet: async (at) => {
      asked.push(at);
      return at >= block;
    },
  });
  return { step, asked };
}

/** The parts of the journal's records that name what they are. */
const recordsOf = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, 8));

describe("an approval and then a deposit", () => {
  test("are one operation: the approval is a comment, the deposit has OP_WATCH and its gas is in OP_DONE_", async () => {
    const { clock, told, beginSteps, mine, lines } = await stepping();
    const going = beginSteps([approval, own]);
    const first = await mine(2);
    clock.advance(3000);
    const second = await mine(2);
    const performed = await going;
    expect(lines()).toEqual([
      "OP_START,000,SX,2,1000.00000000",
      `# approval=SX child=000 tx=${first}`,
      `OP_WATCH,000,SX,2,00000.00000000,${second}`,
      "OP_DONE_,000,SX,2,1,50000/70000,00000.00000000,00003.00000000,00003.00000000",
    ]);
    expect(told.ends).toMatchObject([
      { kind: "mined", receipt: { hash: first } },
      { kind: "mined", receipt: { hash: second } },
    ]);
    expect(performed).toMatchObject({ hash: second, gasEstimated: 70_000n, receipt: { hash: second } });
    expect(performed.steps.map(({ receipt: { hash } }) => hash)).toEqual([first, second]);
  });

  test("are both in the journal before their chain can have them", async () => {
    const { beginSteps, mine, writtenBefore } = await stepping();
    const written = writtenBefore(2);
    const going = beginSteps([approval, own]);
    const [first, second] = [await mine(2), await mine(2)];
    await going;
    expect(written).toEqual([
      `# approval=SX child=000 tx=${first}`,
      `OP_WATCH,000,SX,2,00000.00000000,${second}`,
    ]);
  });

  test("wait for submission and receipt one after the other", async () => {
    const { child, chains, beginSteps, mine } = await stepping();
    const estimate = Promise.withResolvers<string>();
    chains[2].answer("eth_estimateGas", () => estimate.promise);
    const { gas: _, ...unknown } = callWith(0n);
    const going = beginSteps([approval, () => ({ kind: "send", chain: 2, plan: unknown })]);
    await settled();
    expect(child.phase).toMatchObject({ open: { waitingFor: "receipt", hash: undefined } });
    await mine(2);
    expect(child.phase).toMatchObject({ open: { waitingFor: "submission", hash: undefined } });
    estimate.resolve("0x186a0");
    await settled();
    expect(child.phase).toMatchObject({ open: { waitingFor: "receipt" } });
    await mine(2);
    expect((await going).outcome).toEqual({ kind: "succeeded" });
  });
});

describe("a withdrawal that is initiated on L2, proved and finalised on L1", () => {
  const INDEX = { index: "7" };

  /** One whose initiation is mined after two seconds; it waits until L1 has block 12. */
  async function initiated(signal?: AbortSignal) {
    const all = await stepping();
    const proof = until(1, 12);
    const steps = [own, proof.step, noted("prove", INDEX), noted("finalize")];
    const going = all.beginSteps(steps, { to: 1, ...(signal === undefined ? {} : { signal }) });
    await settled();
    all.clock.advance(2000);
    const hash = await all.mine(2);
    return { ...all, proof, going, hash };
  }

  test("is one operation with one OP_START, OP_WATCH and OP_DONE_; the gas is the initiation's", async () => {
    const { chains, clock, told, going, hash, proof, mine, lines } = await initiated();
    for (let block = 10; block <= 12; block++) {
      chains[1].mine();
      await wakeAll(2);
    }
    clock.advance(5000);
    const [proved, finalised] = [await mine(1), await mine(1)];
    const performed = await going;
    expect(lines()).toEqual([
      "OP_START,000,SX,2,1000.00000000",
      `OP_WATCH,000,SX,1,00000.00000000,${hash}`,
      `# prove=SX child=000 tx=${proved} index=7`,
      `# finalize=SX child=000 tx=${finalised}`,
      "OP_DONE_,000,SX,1,1,50000/70000,00000.00000000,00002.00000000,00007.00000000",
    ]);
    expect(told.ends.map(({ kind }) => kind)).toEqual(["mined", "met", "mined", "mined"]);
    expect(told.ends[1]).toEqual({ kind: "met", block: 12 });
    expect(performed).toMatchObject({ chain: 2, hash, gasEstimated: 70_000n, receipt: { hash } });
    expect(performed.steps.map(({ chain, receipt }) => [chain, receipt.hash])).toEqual([
      [2, hash],
      [1, proved],
      [1, finalised],
    ]);
    // Once for each block, however often it was looked.
    expect(proof.asked).toEqual([9, 10, 11, 12]);
  });

  test("says what it waits for, and takes no further step before it is so", async () => {
    const { chains, child, told } = await initiated();
    await wakeAll(5);
    expect(child.phase).toMatchObject({ open: { waitingFor: "proof", to: 1 } });
    expect([told.asked, chains[1].sent.length, child.on]).toEqual([2, 0, 1]);
  });

  test("has each comment written before its transaction is sent", async () => {
    const { chains, going, mine, writtenBefore } = await initiated();
    const written = writtenBefore(1);
    for (let block = 10; block <= 12; block++) chains[1].mine();
    await wakeAll(2);
    const [proved, finalised] = [await mine(1), await mine(1)];
    await going;
    expect(written).toEqual([
      `# prove=SX child=000 tx=${proved} index=7`,
      `# finalize=SX child=000 tx=${finalised}`,
    ]);
  });

  test("ends with its reason where its proof reverts, and is never finalised", async () => {
    const { chains, child, told, going, hash, mine, lines } = await initiated();
    for (let block = 10; block <= 12; block++) chains[1].mine();
    await wakeAll(2);
    await mine(1, { reverted: true });
    expect((await going).outcome).toEqual({ kind: "failed", reason: "prove reverted" });
    expect([told.asked, told.released, chains[1].sent.length]).toEqual([3, 1, 1]);
    expect(child.on).toBe(2);
    expect(lines().slice(-2)).toEqual([
      `# failed=SX child=000 reason=prove-reverted tx=${hash}`,
      "OP_DONE_,000,SX,1,0,50000/70000,00000.00000000,00002.00000000,00002.00000000",
    ]);
  });

  test("is abandoned where the run stops while it waits, and what it set aside is released", async () => {
    const controller = new AbortController();
    const { child, told, going, hash, lines } = await initiated(controller.signal);
    controller.abort();
    expect((await going).outcome).toEqual({ kind: "abandoned", waitingFor: "proof" });
    expect([told.asked, told.released, child.phase]).toEqual([2, 1, { at: "ready" }]);
    expect(lines().slice(-2)).toEqual([
      `# abandoned=SX child=000 waiting-for=proof tx=${hash}`,
      "OP_DONE_,000,SX,1,0,50000/70000,00000.00000000,00002.00000000",
    ]);
  });

  test("is abandoned also where the question whether it may go on is never answered", async () => {
    const { told, beginSteps } = await stepping();
    const controller = new AbortController();
    const never: Step = { kind: "wait", chain: 1, what: "proof", isMet: () => new Promise(() => undefined) };
    const going = beginSteps([() => never, own], { signal: controller.signal });
    await settled();
    controller.abort();
    expect((await going).outcome).toEqual({ kind: "abandoned", waitingFor: "proof" });
    expect([told.asked, told.released]).toEqual([1, 1]);
  });
});

test("a step that succeeds has its chain asked for nothing but what sending it and reading its block take", async () => {
  const { chains, beginSteps, mine, engine } = await stepping();
  const isCurrent = vi.spyOn(engine.watchers[2], "isCurrent");
  const going = beginSteps([own]);
  await mine(2);
  expect((await going).outcome).toEqual({ kind: "succeeded" });
  expect([isCurrent.mock.calls.length, chains[2].asked("eth_sendRawTransaction")]).toEqual([0, 1]);
});

describe("a call with the estimate of one that is like it", () => {
  const alike = (): SendStep => ({
    kind: "send",
    chain: 2,
    plan: { to: addressOf(90), data: "0x12345678", value: 0n, moves: [], alike: true },
  });

  test("that reverts with nearly all its gas used is estimated anew, and sent once more", async () => {
    const { chains, beginSteps, mine } = await stepping();
    const going = beginSteps([alike]);
    // 100,000 are estimated, and 50,000 more are its limit.
    await mine(2, { reverted: true, fields: { gasUsed: "0x24000" } });
    await wakeAll();
    await mine(2);
    expect((await going).outcome).toEqual({ kind: "succeeded" });
    expect([chains[2].sent.length, chains[2].asked("eth_estimateGas")]).toEqual([2, 2]);
  });

  test("that reverts with gas to spare has failed", async () => {
    const { chains, beginSteps, mine } = await stepping();
    const going = beginSteps([alike]);
    await mine(2, { reverted: true });
    expect((await going).outcome).toEqual({ kind: "failed", reason: "transaction reverted" });
    expect(chains[2].sent.length).toBe(1);
  });

  test("has failed where it ran out of gas three times", async () => {
    const { chains, beginSteps, mine } = await stepping();
    const going = beginSteps([alike]);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await mine(2, { reverted: true, fields: { gasUsed: "0x24000" } });
      await wakeAll();
    }
    expect((await going).outcome).toEqual({ kind: "failed", reason: "transaction reverted" });
    expect(chains[2].sent.length).toBe(3);
  });
});

describe("a step that comes to nothing ends its operation, and what was set aside is released", () => {
  test("where it reverts before the operation's own transaction: that one is never sent", async () => {
    const { chains, child, told, beginSteps, mine, lines } = await stepping();
    const going = beginSteps([approval, own]);
    await mine(2, { reverted: true });
    expect((await going).outcome).toEqual({ kind: "failed", reason: "approval reverted" });
    expect([told.asked, told.released, chains[2].sent.length]).toEqual([1, 1, 1]);
    expect(recordsOf(lines())).toEqual(["OP_START", "# approv", "# failed", "OP_DONE_"]);
    expect(lines().at(-1)).toBe("OP_DONE_,000,SX,2,0,0/0");
    expect([child.phase, child.on]).toEqual([{ at: "ready" }, 2]);
  });

  test("where the operation's own transaction reverts", async () => {
    const { told, beginSteps, mine } = await stepping();
    const going = beginSteps([own, noted("prove")]);
    await mine(2, { reverted: true });
    expect((await going).outcome).toEqual({ kind: "failed", reason: "transaction reverted" });
    expect([told.asked, told.released]).toEqual([1, 1]);
  });

  test.each([
    ["first", [approval, own], 1],
    ["second", [own, noted("prove"), noted("finalize")], 2],
  ] as const)("where its %s submission is refused", async (_, steps, refused) => {
    const { chains, told, beginSteps, mine, lines } = await stepping();
    const chain = refused === 1 ? 2 : 1;
    chains[chain].answer("eth_getBalance", () => "0x0");
    chains[chain].answer("eth_sendRawTransaction", () => {
      throw nodeError("insufficient funds");
    });
    const going = beginSteps(steps);
    if (refused === 2) await mine(2);
    expect((await going).outcome).toEqual({
      kind: "failed",
      reason: "not submitted, insufficient funds: insufficient funds",
    });
    expect([told.asked, told.released, chains[chain].sent.length]).toEqual([refused, 1, 0]);
    expect(recordsOf(lines()).filter((record) => record.startsWith("OP_"))).toEqual(
      refused === 1 ? ["OP_START", "OP_DONE_"] : ["OP_START", "OP_WATCH", "OP_DONE_"],
    );
  });

  test("where the run stops waiting for a receipt", async () => {
    const controller = new AbortController();
    const { told, beginSteps } = await stepping();
    const going = beginSteps([approval, own], { signal: controller.signal });
    await settled();
    controller.abort();
    expect((await going).outcome).toEqual({ kind: "abandoned", waitingFor: "receipt" });
    expect([told.asked, told.released]).toEqual([1, 1]);
  });
});

test("an operation without a step has succeeded, and nothing of it was submitted", async () => {
  const { beginSteps, told, lines } = await stepping();
  expect((await beginSteps([])).outcome).toEqual({ kind: "succeeded" });
  expect(told).toEqual({ asked: 0, ends: [], released: 1 });
  expect(recordsOf(lines())).toEqual(["OP_START", "OP_DONE_"]);
});
