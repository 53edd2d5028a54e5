import { describe, expect, test } from "vitest";
import type { Receipt } from "../../../stress/engine/rpc/index.ts";
import type { Step, StepEnd } from "../../../stress/protocols/operation.ts";
import { withdrawalSteps } from "../../../stress/protocols/op-stack/withdrawals/steps.ts";
import type { Withdrawal } from "../../../stress/protocols/op-stack/withdrawals/withdrawal.ts";
import type { Extent, Next } from "../../../stress/protocols/op-stack/withdrawals/withdrawals.ts";
import { receiptOf } from "../../fakes/receipts.ts";
import { child, Logs, messageOf, withdrawalOf } from "./made-up.ts";

const plan = { to: child, data: "0x01", value: 0n, moves: [] };
const prove: Next = { do: "prove", plan, note: { name: "prove", values: { game: "0xg", type: "1" } } };
const finalise: Next = { do: "finalise", plan, note: { name: "finalize" } };
const wait: Next = { do: "wait" };
const over: Next = { do: "nothing" };

const receiptWith = (withdrawal: Withdrawal): Receipt =>
  receiptOf({ logs: new Logs().passed("w", withdrawal).logs });

const first = withdrawalOf(messageOf(5n, 1n));

/** Withdrawal steps whose chains say what the test has them say, block by block. */
function stepping(answers: readonly Next[], extent: Extent = { kind: "to the end" }) {
  const asked: { readonly hash: string; readonly block: number }[] = [];
  let at = 0;
  const state = {
    receipt: receiptWith(first) as Receipt | undefined,
    again: [] as (Withdrawal | undefined)[],
  };
  const withdrawals = {
    extent,
    leave: () => Date.UTC(2026, 11, 3),
    readAgain: async () => state.again.shift(),
    next: async ({ hash }: Withdrawal, _: string, block: number) => {
      asked.push({ hash, block });
      return answers[at++] ?? over;
    },
  };
  const steps = withdrawalSteps(withdrawals, child, () => state.receipt);
  let block = 10;

  /** Hands the chain's answer to a wait, block by block, until it is met. */
  const meet = async (step: Step): Promise<StepEnd> => {
    if (step.kind !== "wait") throw new Error(`wants a wait, not ${step.kind}`);
    while (!(await step.isMet(block))) block++;
    return { kind: "met", block };
  };
  const mined: StepEnd = { kind: "mined", receipt: receiptOf(), latest: () => undefined };
  const failed: StepEnd = { kind: "failed", reason: "it reverted" };

  /** All steps until the end: each in a word; a send is mined, unless the test has it fail. */
  const all = async (failing = 0): Promise<string[]> => {
    const words: string[] = [];
    let fails = failing;
    let next = await steps.next();
    while (next.done !== true) {
      const step = next.value;
      if (step.kind === "send") words.push(`${step.note?.name}${step.mayFail === true ? "?" : ""}`);
      if (step.kind === "wait")
        words.push(...(step.note === undefined ? [] : [`# ${step.note.name}`]), step.what);
      next = await steps.next(step.kind === "send" ? (fails-- > 0 ? failed : mined) : await meet(step));
    }
    return words;
  };
  return { steps, asked, state, meet, mined, all };
}

describe("after its initiation a withdrawal", () => {
  test("reaches phases of its own: provable, proven, finalisable, finalised", async () => {
    const { steps, meet, mined } = stepping([wait, prove, wait, finalise]);
    const phases: (string | undefined)[] = [];
    let next = await steps.next();
    while (next.done !== true) {
      if (next.value.kind !== "arrival") phases.push(next.value.reaches);
      next = await steps.next(next.value.kind === "send" ? mined : await meet(next.value));
    }
    expect(phases).toEqual(["provable", "proven", "finalisable", "finalised", undefined]);
  });

  test("is told to the journal, proved when it can be, and finalised when it can be", async () => {
    const { all, asked } = stepping([wait, prove, wait, wait, finalise]);
    expect(await all()).toEqual(["# withdrawal", "proposal", "prove?", "window", "finalize?", "end"]);
    // No block is asked about twice.
    expect(asked.map(({ block }) => block)).toEqual([10, 11, 12, 13, 14, 15]);
  });

  test("is told with its hash and its message's", async () => {
    const { steps } = stepping([]);
    const { value } = await steps.next();
    expect(value).toMatchObject({
      kind: "wait",
      chain: 1,
      note: { name: "withdrawal", values: { hash: first.hash, message: first.message } },
    });
  });

  test("is taken from its receipt as another node has it, where its block was told without events", async () => {
    const { all, asked, state } = stepping([prove, finalise]);
    state.receipt = receiptOf({ logs: [] });
    state.again = [undefined, undefined, ...Array.from({ length: 10 }, () => first)];
    expect(await all()).toEqual(["proposal", "prove?", "# withdrawal", "window", "finalize?", "end"]);
    // Nothing is asked for while it is not known.
    expect(asked[0]).toEqual({ hash: first.hash, block: 11 });
  });

  test("is proved again where the first proof is in vain", async () => {
    const { all } = stepping([prove, wait, prove, finalise]);
    expect(await all()).toEqual([
      "# withdrawal",
      "proposal",
      "prove?",
      "window",
      "prove?",
      "window",
      "finalize?",
      "end",
    ]);
  });

  test("is tried again with a later block where a transaction fails, but not for ever", async () => {
    const { all, asked } = stepping([prove, prove, prove, prove, prove, prove]);
    const words = await all(5);
    expect(words.filter((word) => word.startsWith("prove"))).toEqual([
      "prove?",
      "prove?",
      "prove?",
      "prove?",
      "prove?",
      "prove",
    ]);
    expect(new Set(asked.map(({ block }) => block)).size).toBe(asked.length);
  });

  test("is over where somebody else finalised it", async () => {
    expect(await stepping([over]).all()).toEqual(["# withdrawal", "proposal"]);
  });

  test("waits while a reorganisation has its initiation taken back, and goes on with its new hash", async () => {
    const { steps, state, meet, mined, asked } = stepping([prove, finalise]);
    const waiting = await steps.next();
    state.receipt = undefined;
    if (waiting.done === true || waiting.value.kind !== "wait") throw new Error("wants a wait");
    expect(await waiting.value.isMet(10)).toBe(false);
    expect(asked).toEqual([]);
    const second = withdrawalOf(messageOf(5n, 2n));
    state.receipt = receiptWith(second);
    const sent = await steps.next(await meet(waiting.value));
    expect(asked).toEqual([{ hash: second.hash, block: 10 }]);
    expect(sent.value).toMatchObject({ kind: "send", note: { name: "prove" } });
    const { value } = await steps.next(mined);
    // The journal is told of the new one.
    expect(value).toMatchObject({ note: { name: "withdrawal", values: { hash: second.hash } } });
  });

  test("is left where it was proved, and told when it can be finalised, where the run does not wait", async () => {
    const { all } = stepping([prove, finalise], { kind: "until proven" });
    expect(await all()).toEqual(["# withdrawal", "proposal", "prove?", "# left", "window"]);
    const { steps, meet, mined } = stepping([prove], { kind: "until proven" });
    const waiting = await steps.next();
    if (waiting.done === true) throw new Error("wants a wait");
    await steps.next(await meet(waiting.value));
    const { value } = await steps.next(mined);
    expect(value).toMatchObject({
      note: { values: { hash: first.hash, until: "2026-12-03T00:00:00.000Z" } },
    });
  });
});
