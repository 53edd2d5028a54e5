/** What a spec should not do, and what a runner may do to it: started by `test/cli/one-at-a-time.test.ts`. */
import { describe, expect } from "vitest";
import { test } from "../../../fixtures/index.ts";

const SMALL = { children: 2, duration: "forever", ops: 2, startChain: 2, shares: { 1: {}, 2: {} } } as const;
const ENDLESS = { ...SMALL, ops: Number.POSITIVE_INFINITY } as const;

test("two at once", async ({ run }) => {
  const results = await Promise.all([run(SMALL), run(SMALL)]);
  for (const result of results) expect(result).toConserveFunds();
});

describe.concurrent("beside each other", () => {
  test.for(["one", "other"])("the %s", async (_, { run }) => {
    expect(await run(SMALL)).toConserveFunds();
  });
});

test("too slow", { timeout: 6000 }, async ({ run }) => {
  await run(ENDLESS);
});

test("never back", async ({ run }) => {
  await run({ children: 2, startChain: 2, duration: "1s", drive: () => new Promise(() => undefined) });
});

test("not awaited", async ({ run }) => {
  void run(ENDLESS);
  await new Promise((resolve) => setTimeout(resolve, 3000));
});

test("inside of another", async ({ run }) => {
  await run({ ...SMALL, drive: async () => void (await run(SMALL)) });
});

test("tried again", { retry: 2 }, async ({ run }) => {
  await run(SMALL);
});

describe("all of them again", { retry: { count: 1 } }, () => {
  test("tried once more", async ({ run }) => {
    await run(SMALL);
  });
});
