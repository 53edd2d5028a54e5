import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  EndpointClosed,
  isTransient,
  MalformedAnswer,
  NoAnswer,
  Node,
  retry,
  retrying,
} from "../../../stress/engine/rpc/index.ts";
import { deadEndpoint, FakeChain, nodeError } from "../../fakes/chain.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { resetTimers, sleepNever, slept } from "../../fakes/timers.ts";

const clock = new FakeClock();

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

describe("an endpoint that is asked again", () => {
  test("is asked again where it does not answer or is busy, later each time", async () => {
    const chain = failing(deadEndpoint(), nodeError("too many requests"), deadEndpoint());
    expect(await retrying(chain, clock).send("eth_blockNumber", [])).toBe("0x9");
    expect(slept).toEqual([200, 400, 800]);
  });

  test("is left alone as long as it wants, where that is longer", async () => {
    const [soon, late] = [100, 7000].map((retryAfter) => new NoAnswer("429", "slow down", { retryAfter }));
    const chain = failing(...[soon, late].filter((error) => error !== undefined));
    expect(await retrying(chain, clock).send("eth_blockNumber", [])).toBe("0x9");
    expect(slept).toEqual([200, 7000]);
  });

  test("has its repetitions counted", async () => {
    const chain = failing(deadEndpoint(), deadEndpoint());
    await retrying(chain, clock).send("eth_blockNumber", []);
    expect(chain.traffic.snapshot().repeated).toBe(2);
  });

  test("is not asked for ever", async () => {
    const chain = failing(...Array.from({ length: 99 }, deadEndpoint));
    await expect(retrying(chain, clock).send("eth_blockNumber", [])).rejects.toThrow("request timeout");
    expect(chain.calls).toHaveLength(11);
    expect(slept).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, 5000]);
  });

  describe("for a state that its node does not have", () => {
    /** What an endpoint that has no state of any block is asked for one. */
    const asking = async (block: number, known: number | "latest" | undefined) => {
      const chain = new FakeChain();
      chain.answer("eth_getBalance", () => {
        throw nodeError("missing trie node 1234 (path )");
      });
      const node = new Node(retrying(chain, clock, { known: () => known }));
      const [told] = await Promise.allSettled([node.balance(`0x${"12".repeat(20)}`, block)]);
      return { asked: chain.calls.length, told: told?.status === "rejected" ? String(told.reason) : "" };
    };

    test("is asked as ever where that may be on its way", async () => {
      for (const known of [1127, "latest", undefined] as const)
        expect(await asking(1000, known)).toMatchObject({
          asked: 11,
          told: expect.not.stringContaining("archive"),
        });
    });

    test("is asked a few times where it is so old that it is pruned, and then it is told that this wants an archive", async () => {
      const { asked, told } = await asking(1000, 1128);
      expect(asked).toBe(3);
      expect(told).toContain(
        "no state of block 1000, 128 blocks back, which only an archive node keeps (missing trie node 1234 (path ))",
      );
    });
  });

  test("that is busy is asked for a minute, however often that is", async () => {
    const chain = failing(...Array.from({ length: 99 }, () => nodeError("25/second request limit reached")));
    await expect(retrying(chain, clock).send("eth_blockNumber", [])).rejects.toThrow("limit reached");
    const waited = slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(60_000);
    expect(waited).toBeLessThan(66_000);
  });

  test("is not asked again where it gave an answer, if a bad one", async () => {
    const chain = failing(nodeError("execution reverted"));
    await expect(retrying(chain, clock).send("eth_blockNumber", [])).rejects.toThrow();
    expect(chain.calls).toHaveLength(1);
  });

  test("is asked again where its answer makes no sense", async () => {
    const chain = failing(new MalformedAnswer("hash is missing"));
    expect(await retrying(chain, clock).send("eth_blockNumber", [])).toBe("0x9");
    expect(chain.calls).toHaveLength(2);
  });

  test.each([new TypeError("a mistake of our own"), new EndpointClosed()])(
    "is not asked again after %s",
    async (error) => {
      const chain = failing(error);
      await expect(retrying(chain, clock).send("eth_blockNumber", [])).rejects.toBe(error);
      expect([chain.calls.length, chain.traffic.snapshot().repeated]).toEqual([1, 0]);
    },
  );

  test("is not asked again once it is given up", async () => {
    const chain = failing(deadEndpoint(), deadEndpoint(), deadEndpoint());
    const isDead = () => chain.calls.length === 2;
    const calm = retrying(chain, clock, { isDead });
    await expect(calm.send("eth_blockNumber", [])).rejects.toThrow("request timeout");
    expect(chain.calls).toHaveLength(2);
  });

  test("is asked all over again where several things belong together", async () => {
    const chain = failing(deadEndpoint());
    const both = () => Promise.all([chain.send("eth_gasPrice", []), chain.send("eth_blockNumber", [])]);
    expect(await retry(chain, clock, both)).toEqual([expect.anything(), "0x9"]);
    expect(chain.calls).toHaveLength(4);
  });

  test("can be closed", async () => {
    const chain = new FakeChain();
    await retrying(chain, clock).close();
    expect(chain.closed).toBe(true);
  });
});

test("only failures that say nothing of the request itself make sense to ask again about", () => {
  const failures = [
    ...(["already known", "nonce too low", "insufficient funds", "fee too low", "reverted"] as const),
    ...(["refused", "no answer", "busy", "behind", "no room", "own mistake"] as const),
  ];
  expect(failures.filter(isTransient)).toEqual(["no answer", "busy", "behind", "no room"]);
});
