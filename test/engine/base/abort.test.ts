import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { Abandoned, unlessAborted, whenAborted } from "../../../stress/engine/base/index.ts";

describe("a wait that a signal may end", () => {
  test("gives what was waited for", async () => {
    expect(await unlessAborted(Promise.resolve(7), new AbortController().signal)).toBe(7);
  });

  test("passes on why what was waited for failed", async () => {
    const failing = Promise.reject(new Error("its own"));
    await expect(unlessAborted(failing, new AbortController().signal)).rejects.toThrow("its own");
  });

  test("is abandoned where the signal comes", async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(new Promise(() => undefined), controller.signal);
    controller.abort();
    await expect(waiting).rejects.toBeInstanceOf(Abandoned);
  });

  test("is abandoned where the signal came before", async () => {
    await expect(unlessAborted(Promise.resolve(7), AbortSignal.abort())).rejects.toBeInstanceOf(Abandoned);
  });

  test("leaves no unhandled rejection where what was waited for fails after the signal", async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const waiting = unlessAborted(promise, AbortSignal.abort());
    reject(new Error("too late"));
    await expect(waiting).rejects.toBeInstanceOf(Abandoned);
  });
});

describe("what is done when a signal comes", () => {
  test("is done once for each who asked, in their order, though it be the same", () => {
    const controller = new AbortController();
    const done: string[] = [];
    const [first, second] = ["first", "second"].map((name) => (): void => void done.push(name));
    if (first === undefined || second === undefined) throw new Error("two are asked for");
    for (const act of [first, second, first]) whenAborted(controller.signal, act);
    controller.abort();
    expect(done).toEqual(["first", "second", "first"]);
  });

  test("is done at once where it came before", () => {
    const done: string[] = [];
    whenAborted(AbortSignal.abort(), () => void done.push("at once"));
    expect(done).toEqual(["at once"]);
  });

  test("is not done where that was ended, and whoever else asked is served", () => {
    const controller = new AbortController();
    const done: string[] = [];
    const ends = ["a", "b", "c"].map((name) => whenAborted(controller.signal, () => void done.push(name)));
    ends[1]?.();
    ends[1]?.();
    controller.abort();
    ends[0]?.();
    expect(done).toEqual(["a", "c"]);
  });

  test("takes one listener of the signal, however much it is, and none where nothing is left to do", () => {
    const { signal } = new AbortController();
    const ends = Array.from({ length: 1000 }, () => whenAborted(signal, () => undefined));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    for (const end of ends) end();
    expect(getEventListeners(signal, "abort")).toEqual([]);
    whenAborted(signal, () => undefined);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
  });
});
