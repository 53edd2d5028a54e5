import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Queues } from "../../../stress/engine/audit/queues.ts";
import { runs } from "../../fakes/property.ts";

/** Messages that left the queue, each as its nonce and the block it came in. */
function passed(...messages: readonly (readonly [bigint, number])[]): Queues {
  const queues = new Queues();
  for (const [nonce, block] of messages) queues.passed("one", nonce, { block, logIndex: 0 });
  return queues;
}

test.each<[string, [bigint, number][], number]>([
  ["none where nothing came", [], 0],
  [
    "none where they came as they were sent",
    [
      [1n, 5],
      [2n, 6],
      [3n, 7],
    ],
    0,
  ],
  [
    "none where they came at one place",
    [
      [2n, 5],
      [1n, 5],
    ],
    0,
  ],
  [
    "one where the first came last",
    [
      [2n, 5],
      [3n, 6],
      [1n, 7],
    ],
    1,
  ],
  [
    "all that one from behind overtook",
    [
      [3n, 5],
      [1n, 6],
      [2n, 7],
    ],
    2,
  ],
  [
    "none where nonces are missing",
    [
      [1n, 5],
      [100n, 6],
    ],
    0,
  ],
])("out of order are %s", (_, messages, count) => {
  expect(passed(...messages).outOfOrder()).toBe(count);
});

test("the order within a block counts as well", () => {
  const queues = new Queues();
  queues.passed("one", 2n, { block: 5, logIndex: 1 });
  queues.passed("one", 1n, { block: 5, logIndex: 4 });
  expect(queues.outOfOrder()).toBe(1);
});

test("each messenger has a queue of its own", () => {
  const queues = passed([2n, 5]);
  queues.passed("other", 1n, { block: 9, logIndex: 0 });
  expect(queues.outOfOrder()).toBe(0);
});

test("a copy goes its own way", () => {
  const queues = passed([2n, 5]);
  const copy = queues.copy();
  copy.passed("one", 1n, { block: 9, logIndex: 0 });
  expect([queues.outOfOrder(), copy.outOfOrder()]).toEqual([0, 1]);
});

test("it does not matter when they are told of", () => {
  const message = fc.tuple(fc.bigInt({ min: 0n, max: 1000n }), fc.integer({ min: 0, max: 20 }));
  const messages = fc.uniqueArray(message, { selector: ([nonce]) => nonce });
  fc.assert(
    fc.property(messages, (all) => {
      const late = all.filter(([nonce, block]) => all.some(([n, b]) => n > nonce && b < block));
      expect(passed(...all).outOfOrder()).toBe(late.length);
      expect(passed(...all.toReversed()).outOfOrder()).toBe(late.length);
    }),
    runs(),
  );
});

test("it does not matter how often those that came so far are counted and forgotten", () => {
  const message = fc.tuple(fc.bigInt({ min: 0n, max: 1000n }), fc.integer({ min: 0, max: 20 }), fc.boolean());
  const messages = fc.uniqueArray(message, { selector: ([nonce]) => nonce });
  fc.assert(
    fc.property(messages, (all) => {
      const inOrder = all.toSorted(([, a], [, b]) => a - b);
      const queues = new Queues();
      for (const [at, [nonce, block, isCounted]] of inOrder.entries()) {
        queues.passed("one", nonce, { block, logIndex: 0 });
        // A block is counted as a whole.
        if (isCounted && inOrder[at + 1]?.[1] !== block) queues.count();
      }
      const whole = passed(...all.map(([nonce, block]) => [nonce, block] as const));
      expect(queues.outOfOrder()).toBe(whole.outOfOrder());
    }),
    runs(),
  );
});

test("one that is told after those behind it were counted is not said to be out of order, and counts for those to come", () => {
  const queues = passed([5n, 8]);
  queues.count();
  queues.passed("one", 3n, { block: 6, logIndex: 0 });
  queues.passed("one", 9n, { block: 7, logIndex: 0 });
  queues.count();
  expect(queues.outOfOrder()).toBe(0);
  queues.passed("one", 6n, { block: 9, logIndex: 0 });
  expect(queues.outOfOrder()).toBe(1);
});
