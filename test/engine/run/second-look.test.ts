import { describe, expect, test } from "vitest";
import type { Inquired } from "../../../stress/engine/audit/inquiries.ts";
import type { Chain } from "../../../stress/engine/base/index.ts";
import type { MessageId } from "../../../stress/engine/chain/index.ts";
import type { OpenOperation } from "../../../stress/engine/run/child.ts";
import { SecondLook } from "../../../stress/engine/run/second-look.ts";
import { idOf } from "../../fakes/events.ts";
import { settled } from "../../fakes/timers.ts";

const LIMITS = { slowAfter: 1000, stuckAfter: 10_000 };

/** A crossing that waits for its payout. */
const waiting = (number: number, own: Partial<OpenOperation> = {}): OpenOperation => ({
  operation: number,
  code: "SX",
  chain: 2,
  to: 1,
  startedAt: 0,
  phases: [1, 2],
  waitingFor: "payout",
  hash: undefined,
  transaction: undefined,
  message: idOf(number),
  messageTo: 1,
  own: new Map(),
  ...own,
});

/** Second looks whose inquiries are answered when the test says so. */
function looking() {
  const asked: [Chain, MessageId][] = [];
  const answers: ((found: Inquired) => void)[] = [];
  const arrival = (chain: Chain, message: MessageId): Promise<Inquired> => {
    asked.push([chain, message]);
    return new Promise((resolve) => answers.push(resolve));
  };
  const look = new SecondLook({ arrival }, LIMITS);
  const failed: unknown[] = [];
  const check = (age: number, ...open: readonly OpenOperation[]): void =>
    look.check(
      open.map((one) => ({ open: one, age })),
      (error) => failed.push(error),
    );
  const answer = async (): Promise<void> => {
    for (const one of answers.splice(0)) one({ kind: "not arrived" });
    await settled();
  };
  return { look, asked, check, answer, failed };
}

describe("a payout that is waited for", () => {
  test("is asked for once it is late, again when it has waited twice as long, and before it is stuck", async () => {
    const { asked, check, answer } = looking();
    const open = waiting(1);
    const askedAt: number[] = [];
    for (let age = 500; age <= 12_000; age += 500) {
      const before = asked.length;
      check(age, open);
      await answer();
      if (asked.length > before) askedAt.push(age);
    }
    expect(askedAt).toEqual([1500, 3500, 7500, 10_500]);
    expect(new Set(asked.flat())).toEqual(new Set([1, idOf(1)]));
  });

  test("is stuck only when it was asked for since it waited too long", async () => {
    const { look, check, answer, asked } = looking();
    const open = waiting(1);
    check(9000, open);
    await answer();
    expect(look.isThrough({ open, age: 10_001 })).toBe(false);
    check(10_001, open);
    expect([asked.length, look.isThrough({ open, age: 10_100 })]).toEqual([2, false]);
    // Nobody is asked twice at a time.
    check(10_100, open);
    await answer();
    expect([asked.length, look.isThrough({ open, age: 10_200 })]).toEqual([2, true]);
  });

  test("of an operation without a message cannot be asked for", () => {
    const { look, check, asked } = looking();
    const open = waiting(1, { message: undefined, waitingFor: "receipt" });
    check(11_000, open);
    expect([asked, look.isThrough({ open, age: 11_000 })]).toEqual([[], true]);
  });

  test("is one of a few that are asked for at the same time", async () => {
    const { asked, check, answer } = looking();
    const all = Array.from({ length: 50 }, (_, number) => waiting(number));
    check(2000, ...all);
    expect(asked).toHaveLength(20);
    await answer();
    check(2100, ...all);
    await answer();
    check(2200, ...all);
    await answer();
    expect(new Set(asked.map(([, message]) => message)).size).toBe(50);
  });
});

test("a mistake of our own in asking is told", async () => {
  const mistake = new TypeError("mistake");
  const look = new SecondLook({ arrival: () => Promise.reject(mistake) }, LIMITS);
  const failed: unknown[] = [];
  look.check([{ open: waiting(1), age: 2000 }], (error) => failed.push(error));
  await settled();
  expect(failed).toEqual([mistake]);
});
