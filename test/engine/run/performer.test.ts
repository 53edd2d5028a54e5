import { parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import type { TxHash } from "../../../stress/engine/rpc/receipt.ts";
import { type FakeChain, type FakeLog, GWEI, hashOf, nodeError } from "../../fakes/chain.ts";
import { contracts } from "../../fakes/contracts.ts";
import { idOf, poolPays, relayed, sent } from "../../fakes/events.ts";
import { performing } from "../../fakes/performing.ts";
import { hurry, settled, wakeAll } from "../../fakes/timers.ts";

const [messengerL2 = ""] = contracts.messengers[2];
const FEES = 50_000n * 2n * GWEI;

/** Mines what was sent last. */
async function mineSent(chain: FakeChain, own: { logs?: readonly FakeLog[]; reverted?: boolean } = {}) {
  await settled();
  const hash = chain.sent.at(-1)?.hash as TxHash;
  chain.mine({ hash, ...own });
  await wakeAll();
  return hash;
}

async function relayTo(chain: FakeChain, messenger: string, number: number, ...logs: readonly FakeLog[]) {
  chain.mine({ hash: hashOf(`relay ${number}`), logs: [...logs, relayed(messenger, idOf(number))] });
  await wakeAll();
}

describe("a payment", () => {
  test("is journaled from start to end, with its three intervals", async () => {
    const { chains, clock, begin, lines } = await performing();
    const going = begin("PY");
    await settled();
    clock.advance(250);
    const hash = await mineSent(chains[2]);
    await going;
    expect(lines()).toEqual([
      "OP_START,000,PY,2,1000.00000000",
      `OP_WATCH,000,PY,2,00000.00000000,${hash}`,
      "OP_DONE_,000,PY,2,1,50000/21000<<<,00000.00000000,00000.25000000,00000.25000000",
    ]);
  });

  test("is booked with its fees, and the child is ready again", async () => {
    const { chains, child, begin } = await performing();
    const going = begin("PY");
    expect(child.phase).toMatchObject({ at: "busy", open: { code: "PY", waitingFor: "submission" } });
    await mineSent(chains[2]);
    expect((await going).outcome).toEqual({ kind: "succeeded" });
    expect([child.balance(2), child.phase]).toEqual([parseEther("0.9") - FEES, { at: "ready" }]);
  });

  test("is in the journal before the chain can have it", async () => {
    const { chains, begin, lines } = await performing();
    let written: string[] = [];
    chains[2].answer("eth_sendRawTransaction", (raw) => {
      written = lines();
      return chains[2].real("eth_sendRawTransaction", [raw]);
    });
    const going = begin("PY");
    const hash = await mineSent(chains[2]);
    await going;
    expect(written.at(-1)).toBe(`OP_WATCH,000,PY,2,00000.00000000,${hash}`);
  });

  test("that reverts costs its fees, and says why it failed before it ends", async () => {
    const { chains, child, begin, lines } = await performing();
    const going = begin("PY");
    const hash = await mineSent(chains[2], { reverted: true });
    expect((await going).outcome).toEqual({ kind: "failed", reason: "transaction reverted" });
    expect(child.balance(2)).toBe(parseEther("1") - FEES);
    expect(lines().slice(-2)).toEqual([
      `# failed=PY child=000 reason=transaction-reverted tx=${hash}`,
      expect.stringMatching(/^OP_DONE_,000,PY,2,0,50000\/21000<<<,/),
    ]);
  });

  test("that the chain refuses has ended, and the child goes on", async () => {
    const { chains, child, begin, lines } = await performing();
    chains[2].answer("eth_getBalance", () => "0x0");
    chains[2].answer("eth_sendRawTransaction", () => {
      throw nodeError("insufficient funds");
    });
    expect((await begin("PY")).outcome).toEqual({
      kind: "failed",
      reason: "not submitted, insufficient funds: insufficient funds",
    });
    expect(lines().at(-1)).toBe("OP_DONE_,000,PY,2,0,0/21000,00000.00000000");
    expect(child.phase).toEqual({ at: "ready" });
  });
});

describe("a crossing", () => {
  /** A fast exit whose deposit is mined; it waits for message 1. */
  async function exiting(signal = new AbortController().signal) {
    const all = await performing();
    const going = all.begin("FX", signal);
    const hash = await mineSent(all.chains[2], { logs: [sent(messengerL2, 1)] });
    return { ...all, going, hash };
  }

  test("has its child on the other chain as soon as it is submitted", async () => {
    const { child, lines, hash } = await exiting();
    expect(child.on).toBe(1);
    expect(lines()).toEqual(["OP_START,000,FX,2,1000.00000000", `OP_WATCH,000,FX,1,00000.00000000,${hash}`]);
  });

  test("waits for its payout, knowing transaction and message", async () => {
    const { child, hash } = await exiting();
    expect(child.phase).toMatchObject({ open: { waitingFor: "payout", hash, message: idOf(1), to: 1 } });
  });

  test("is done when it is paid out, and the payout is booked", async () => {
    const { chains, clock, child, going, lines } = await exiting();
    clock.advance(5000);
    const payout = poolPays("ClientPayL1", child.address, 7n);
    await relayTo(chains[1], contracts.addresses.fastMessenger, 1, payout);
    expect((await going).outcome).toEqual({ kind: "succeeded" });
    expect([child.on, child.balance(1)]).toEqual([1, parseEther("1") + 7n]);
    expect(lines().at(-1)).toBe(
      "OP_DONE_,000,FX,1,1,50000/100000,00000.00000000,00000.00000000,00005.00000000",
    );
  });

  test("sets aside what it will take out of the pool until it has ended", async () => {
    const { chains, child, bridge, going } = await exiting();
    const all = chains[1].poolBalance;
    expect(all - bridge.poolFree(1)).toBe(parseEther("0.975"));
    await relayTo(
      chains[1],
      contracts.addresses.fastMessenger,
      1,
      poolPays("ClientPayL1", child.address, 7n),
    );
    await going;
    expect(bridge.poolFree(1)).toBe(all);
  });

  test("that is settled back failed, and child and money are where they were", async () => {
    const { chains, child, going } = await exiting();
    const { fastMessenger, l1Messenger } = contracts.addresses;
    await relayTo(chains[1], fastMessenger, 1, sent(l1Messenger, 2));
    await relayTo(chains[2], messengerL2, 2, poolPays("ClientPayL2Settlement", child.address, 7n));
    expect((await going).outcome).toEqual({ kind: "failed", reason: "settled back" });
    expect([child.on, child.balance(2)]).toEqual([2, parseEther("0.025") - FEES + 7n]);
  });

  test("that is paid out to somebody else failed", async () => {
    const { chains, going } = await exiting();
    const payout = poolPays("ClientPayL1", contracts.addresses.ctc, 7n);
    await relayTo(chains[1], contracts.addresses.fastMessenger, 1, payout);
    expect((await going).outcome).toEqual({
      kind: "failed",
      reason: `paid out to ${contracts.addresses.ctc}`,
    });
  });

  test("that the run stops waiting for has the phases it reached, and says what it waited for", async () => {
    const controller = new AbortController();
    const { child, going, lines, hash } = await exiting(controller.signal);
    controller.abort();
    expect((await going).outcome).toEqual({ kind: "abandoned", waitingFor: "payout" });
    expect(lines().slice(-2)).toEqual([
      `# abandoned=FX child=000 waiting-for=payout tx=${hash}`,
      "OP_DONE_,000,FX,1,0,50000/100000,00000.00000000,00000.00000000",
    ]);
    expect(child.phase).toEqual({ at: "ready" });
  });

  test("whose gas cannot be estimated reached no phase and has no OP_WATCH", async () => {
    const { chains, child, begin, lines } = await performing();
    chains[2].answer("eth_estimateGas", () => {
      throw nodeError("execution reverted");
    });
    await hurry(begin("FX"));
    expect(lines().map((line) => line.slice(0, 8))).toEqual(["OP_START", "# failed", "OP_DONE_"]);
    expect([lines().at(-1), child.on]).toEqual(["OP_DONE_,000,FX,2,0,0/0", 2]);
  });
});

test("each operation is told of once, after its OP_DONE_", async () => {
  const { chains, begin, told } = await performing();
  const going = begin("PY");
  await mineSent(chains[2]);
  expect(told).toEqual([await going]);
});

test("a child never has two operations open", async () => {
  const { begin } = await performing();
  void begin("PY");
  await expect(begin("PY")).rejects.toThrow("child 0 has an operation open");
});

test("the end of a child is an operation without a transaction", async () => {
  const { child, performer, lines } = await performing();
  performer.markDone(child);
  expect(lines()).toEqual([
    "OP_START,000,DN,2,1000.00000000",
    "OP_WATCH,000,DN,2,00000.00000000",
    "OP_DONE_,000,DN,2,1,0/0,00000.00000000,00000.00000000",
  ]);
  expect(child.phase).toEqual({ at: "done" });
});
