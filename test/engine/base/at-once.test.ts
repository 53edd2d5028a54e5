import { describe, expect, test } from "vitest";
import { atOnce } from "../../../stress/engine/base/index.ts";
import { settled } from "../../fakes/timers.ts";

/** Work that ends when it is told to. */
function work() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const act = (one: number): Promise<void> => {
    begun.push(one);
    return new Promise((resolve, reject) => ends.set(one, { resolve, reject }));
  };
  const end = async (one: number): Promise<void> => {
    ends.get(one)?.resolve();
    await settled();
  };
  const fail = async (one: number): Promise<void> => {
    ends.get(one)?.reject(new Error(`failed at ${one}`));
    await settled();
  };
  return { begun, act, end, fail };
}

describe("doing something with many at once", () => {
  test("begins the next as soon as any is done, in their order", async () => {
    const { begun, act, end } = work();
    const all = atOnce(2, [1, 2, 3, 4], act);
    expect(begun).toEqual([1, 2]);
    await end(2);
    expect(begun).toEqual([1, 2, 3]);
    await end(3);
    expect(begun).toEqual([1, 2, 3, 4]);
    await end(1);
    await end(4);
    await all;
  });

  test("begins no more once one failed, and waits for those that began", async () => {
    const { begun, act, end, fail } = work();
    let isOver = false;
    const all = atOnce(2, [1, 2, 3], act).finally(() => void (isOver = true));
    all.catch(() => undefined);
    await fail(1);
    expect(isOver).toBe(false);
    await end(2);
    await expect(all).rejects.toThrow("failed at 1");
    expect(begun).toEqual([1, 2]);
  });

  test("begins no more once it is not to go on", async () => {
    const { begun, act, end } = work();
    let goesOn = true;
    const all = atOnce(1, [1, 2], act, () => goesOn);
    goesOn = false;
    await end(1);
    await all;
    expect(begun).toEqual([1]);
  });

  test("has nothing to do with none", () => expect(atOnce(5, [], work().act)).resolves.toBeUndefined());
});
