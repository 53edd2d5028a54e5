import { describe, expect, test } from "vitest";
import { Abandoned, unlessAborted } from "../../../stress/engine/base/index.ts";

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
