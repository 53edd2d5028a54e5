import { id, toQuantity } from "ethers";
import { describe, expect, onTestFinished, test } from "vitest";
import { Preconfirmations } from "../../../stress/engine/transactions/preconfirmations.ts";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { hashOf } from "../../fakes/chain.ts";
import { resending } from "../../fakes/resending.ts";
import { wakeAll } from "../../fakes/timers.ts";

/** What a receipt that comes before its block says. */
interface Said {
  readonly block?: number;
  readonly status?: string;
  readonly blockHash?: string;
}

/** A chain whose node preconfirms what a test wants, followed as L2 is in a run. */
async function preconfirming() {
  const all = await resending();
  const { chain, chains, stream, clock, submit } = all;
  const preconfirmations = new Preconfirmations(1, chains[1], stream, clock);
  onTestFinished(() => preconfirmations.close());
  const told = eventsOf(stream, "preconfirmation");
  let says: ((hash: TxHash) => Said | undefined) | undefined;
  chain.answer("eth_getTransactionReceipt", (hash) => {
    const mined = chain.real("eth_getTransactionReceipt", [hash]);
    const said = mined === null ? says?.(hash as TxHash) : undefined;
    if (said === undefined) return mined;
    return {
      transactionHash: hash,
      blockNumber: toQuantity(said.block ?? chain.head + 1),
      blockHash: said.blockHash ?? hashOf("part of a block"),
      status: said.status ?? "0x1",
      gasUsed: "0xc350",
      effectiveGasPrice: "0x1",
      logs: [],
    };
  });

  /** Sends one of which the node says this before its block, and has that seen. */
  const preconfirmed = async (said: Said = {}) => {
    says = () => said;
    const transaction = await submit();
    await wakeAll(2);
    says = undefined;
    return transaction;
  };
  const became = () => told.map((one) => one.became);
  const looks = (): number => chain.asked("eth_getTransactionReceipt");
  return { ...all, preconfirmations, told, became, preconfirmed, looks };
}

/** The same, where one was kept: from then on the chain is known to give them. */
async function proven() {
  const all = await preconfirming();
  await all.preconfirmed();
  await all.mine();
  expect(all.became()).toEqual([{ is: "kept" }]);
  all.told.length = 0;
  return all;
}

describe("a preconfirmation", () => {
  test("settles nothing, and is told with its time once its block is read", async () => {
    const { told, preconfirmed, mine, clock, chain } = await preconfirming();
    const block = chain.head + 1;
    const at = clock.now();
    const transaction = await preconfirmed();
    expect([transaction.state, told]).toEqual([{ at: "waiting" }, []]);
    await mine();
    expect(told).toMatchObject([{ hash: transaction.hash, block, at, became: { is: "kept" } }]);
    expect(transaction.state.at).toBe("mined");
  });

  test("is not kept where the transaction is in a later block", async () => {
    const { became, preconfirmed, mine, pass, chain } = await proven();
    const block = chain.head + 1;
    await preconfirmed();
    await pass(1);
    await mine();
    expect(became()).toEqual([{ is: "another block", block: block + 1 }]);
  });

  test("is not kept where the transaction fails that was said to succeed", async () => {
    const { became, preconfirmed, mine } = await proven();
    await preconfirmed();
    await mine({ reverted: true });
    expect(became()).toEqual([{ is: "another status", succeeded: false }]);
  });

  test("is not kept where the transaction is in no block at the end", async () => {
    const { told, preconfirmed, preconfirmations, pass, chain } = await proven();
    const transaction = await preconfirmed();
    chain.forget(transaction.hash);
    preconfirmations.conclude();
    expect(told).toEqual([]);
    await pass(1);
    preconfirmations.conclude();
    preconfirmations.conclude();
    expect(told).toMatchObject([{ hash: transaction.hash, became: { is: "gone" } }]);
  });

  test("is not judged where a reorganisation changed what it was to be built on", async () => {
    const { told, preconfirmed, reorganise, mine, preconfirmations } = await proven();
    await preconfirmed();
    await reorganise(1);
    await mine();
    preconfirmations.conclude();
    expect(told).toEqual([]);
  });
});

describe("a chain", () => {
  test("that gives none is asked some times in all", async () => {
    const { told, submit, mine, looks } = await preconfirming();
    for (let sent = 0; sent < 20; sent++) {
      await submit();
      await wakeAll(3);
      await mine();
    }
    expect(looks()).toBeGreaterThan(5);
    expect(looks()).toBeLessThanOrEqual(10);
    expect(told).toEqual([]);
  });

  test("of which one node is behind another gives none", async () => {
    const { told, preconfirmed, mine, chain } = await preconfirming();
    // The block is there, and the node that tells the head has not got it yet.
    const block = chain.head + 1;
    const blockHash = id(`block ${block} fork 0`);
    await preconfirmed({ block, blockHash });
    await mine();
    expect([chain.hashAt(block), told]).toEqual([blockHash, []]);
  });

  test("that gives them is asked about what was just sent, and not about what waits for long", async () => {
    const { preconfirmations, submit, pass, looks } = await proven();
    await submit();
    await pass(3);
    const asked = looks();
    await wakeAll(20);
    expect(looks()).toBe(asked);
    await preconfirmations.close();
  });

  test("whose endpoint fails is asked again, and the run goes on", async () => {
    const { told, preconfirmed, mine } = await proven();
    const unseen = await preconfirmed({ status: "nonsense" });
    await mine();
    expect([unseen.state.at, told]).toEqual(["mined", []]);
    const { hash } = await preconfirmed();
    await mine();
    expect(told).toMatchObject([{ hash, became: { is: "kept" } }]);
  });
});
