import { describe, expect, test } from "vitest";
import { Commitments } from "../../../stress/protocols/ovm2/commitments.ts";
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

test("a child knows its balances and stakes by the ledger", () => {
  const child = childWith({ balance: { 1: 5n, 2: 6n }, stake: { 2: 7n }, tokens: 8n });
  expect([child.balance(1), child.balance(2), child.stake(1), child.stake(2), child.feeTokens()]).toEqual([
    5n,
    6n,
    0n,
    7n,
    8n,
  ]);
});

test("what is owed of a pool is added up by chain, and released as it was set aside", () => {
  const commitments = new Commitments();
  const release = commitments.owe(1, 5n);
  commitments.owe(1, 7n);
  commitments.owe(2, 100n);
  expect([commitments.owed(1), commitments.owed(2)]).toEqual([12n, 100n]);
  release();
  expect([commitments.owed(1), commitments.owed(2)]).toEqual([7n, 100n]);
});
