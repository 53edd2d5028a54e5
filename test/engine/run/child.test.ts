import { describe, expect, test } from "vitest";
import { BALANCE } from "../../../stress/engine/ledger/index.ts";
import { STAKE, TOKENS } from "../../../stress/protocols/ovm2/operation.ts";
import { settled } from "../../fakes/timers.ts";
import { childWith } from "../../fakes/net.ts";
import { soFar } from "../../fakes/watching.ts";

const never = new AbortController().signal;

describe("an idle child", () => {
  test("is idle until it is woken, and then ready", async () => {
    const child = childWith({});
    const idling = child.idle(never);
    expect(child.phase).toEqual({ at: "idle" });
    child.wake();
    await idling;
    expect(child.phase).toEqual({ at: "ready" });
  });

  test("stays idle while nothing happens", async () => {
    const idle = soFar(
      childWith({})
        .idle(never)
        .then(() => "woken"),
    );
    await settled();
    expect(idle.value).toBeUndefined();
  });

  test("comes back when the run stops", async () => {
    const controller = new AbortController();
    const idling = childWith({}).idle(controller.signal);
    controller.abort();
    await expect(idling).resolves.toBeUndefined();
  });

  test("comes back at once where the run has stopped", async () => {
    await expect(childWith({}).idle(AbortSignal.abort())).resolves.toBeUndefined();
  });

  test("can be idle again", async () => {
    const child = childWith({});
    for (let time = 0; time < 2; time++) {
      const idling = child.idle(never);
      child.wake();
      await idling;
    }
    expect(child.phase.at).toBe("ready");
  });
});

test("a wake-up of a child that is not idle changes nothing", () => {
  const child = childWith({});
  child.wake();
  expect(child.phase).toEqual({ at: "unfunded" });
});

test("a child knows what it has by the ledger", () => {
  const child = childWith({ balance: { 1: 5n, 2: 6n }, stake: { 2: 7n }, tokens: 8n });
  expect([child.balance(1), child.balance(2), child.amount(2, BALANCE)]).toEqual([5n, 6n, 6n]);
  expect([child.amount(1, STAKE), child.amount(2, STAKE), child.amount(2, TOKENS)]).toEqual([0n, 7n, 8n]);
});
