import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isPassing, patient, patiently } from "../../../stress/engine/rpc/rpc.ts";
import { NoAnswer } from "../../../stress/engine/rpc/errors.ts";
import { deadEndpoint, FakeChain, nodeError } from "../../fakes/chain.ts";
import { resetTimers, sleepNever, slept } from "../../fakes/timers.ts";

vi.mock("node:timers/promises", () => import("../../fakes/timers.ts"));

beforeEach(() => sleepNever());
afterEach(resetTimers);

/** A chain whose head is told after these errors. */
function failing(...errors: readonly Error[]): FakeChain {
  const chain = new FakeChain();
  const left = [...errors];
  chain.answer("eth_blockNumber", () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return "0x9";
  });
  return chain;
}

describe("a patient endpoint", () => {
  test("is asked again where it does not answer or is busy, later each time", async () => {
    const chain = failing(deadEndpoint(), nodeError("too many requests"), deadEndpoint());
    expect(await patient(chain).send("eth_blockNumber", [])).toBe("0x9");
    expect(slept).toEqual([200, 400, 800]);
  });

  test("is left alone as long as it wants, where that is longer", async () => {
    const [soon, late] = [100, 7000].map((retryAfter) => new NoAnswer("429", "slow down", { retryAfter }));
    const chain = failing(...[soon, late].filter((error) => error !== undefined));
    expect(await patient(chain).send("eth_blockNumber", [])).toBe("0x9");
    expect(slept).toEqual([200, 7000]);
  });

  test("has its repetitions counted", async () => {
    const chain = failing(deadEndpoint(), deadEndpoint());
    await patient(chain).send("eth_blockNumber", []);
    expect(chain.traffic.snapshot().repeated).toBe(2);
  });

  test("is not asked for ever", async () => {
    const chain = failing(...Array.from({ length: 99 }, deadEndpoint));
    await expect(patient(chain).send("eth_blockNumber", [])).rejects.toThrow("request timeout");
    expect(chain.calls).toHaveLength(8);
    expect(slept).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  test("is not asked again where it gave an answer, if a bad one", async () => {
    const chain = failing(nodeError("execution reverted"));
    await expect(patient(chain).send("eth_blockNumber", [])).rejects.toThrow();
    expect(chain.calls).toHaveLength(1);
  });

  test("is asked all over again where several things belong together", async () => {
    const chain = failing(deadEndpoint());
    const both = () => Promise.all([chain.send("eth_gasPrice", []), chain.send("eth_blockNumber", [])]);
    expect(await patiently(chain, both)).toEqual([expect.anything(), "0x9"]);
    expect(chain.calls).toHaveLength(4);
  });

  test("can be closed", async () => {
    const chain = new FakeChain();
    await patient(chain).close();
    expect(chain.closed).toBe(true);
  });
});

test("only failures that say nothing of the request itself may pass", () => {
  const failures = [
    ...(["already known", "nonce too low", "insufficient funds", "fee too low", "reverted"] as const),
    ...(["refused", "no answer", "busy"] as const),
  ];
  expect(failures.filter(isPassing)).toEqual(["no answer", "busy"]);
});
