import { parseEther, toQuantity, Transaction } from "ethers";
import { describe, expect, test } from "vitest";
import type { TxHash } from "../../../stress/engine/rpc/receipt.ts";
import {
  type FakeChain,
  type FakeLog,
  type FakeTransaction,
  feeAt,
  hashOf,
  nodeError,
} from "../../fakes/chain.ts";
import { contracts } from "../../fakes/contracts.ts";
import { idOf, poolPays, relayed, sent } from "../../fakes/events.ts";
import { performing } from "../../fakes/performing.ts";
import { account as funder, purpose } from "../../fakes/submitting.ts";
import { settled, wakeAll } from "../../fakes/timers.ts";

const [messengerL2 = ""] = contracts.messengers[2];
const { fastMessenger } = contracts.addresses;

/** A fast exit of 0.975 ETH whose deposit is mined two seconds after it was sent; it waits for message 1. */
async function exiting() {
  const all = await performing();
  const { chains, clock } = all;
  const going = all.begin("FX");
  await settled();
  clock.advance(2000);
  const hash = chains[2].sent.at(-1)?.hash as TxHash;
  chains[2].mine({ hash, logs: [sent(messengerL2, 1)] });
  await wakeAll();
  clock.advance(5000);
  const payout = poolPays("ClientPayL1", all.child.address, 7n);
  return { ...all, going, hash, payout };
}

async function reorganise(chain: FakeChain, depth: number, ...first: readonly FakeTransaction[]) {
  chain.fork(depth);
  chain.mine(...first);
  for (let block = 0; block < depth; block++) chain.mine();
  await wakeAll(3);
}

async function relay(chain: FakeChain, number: number, ...logs: readonly FakeLog[]) {
  chain.mine({ hash: hashOf(`relay ${number}`), logs: [...logs, relayed(fastMessenger, idOf(number))] });
  await wakeAll();
}

describe("a crossing that waits for its payout", () => {
  test("is taken up anew where the other chain is reorganised; its receipt stays what it was", async () => {
    const { chains, clock, going, payout, lines } = await exiting();
    chains[1].mine();
    await wakeAll();
    await reorganise(chains[1], 1);
    clock.advance(1000);
    await relay(chains[1], 1, payout);
    expect((await going).outcome).toEqual({ kind: "succeeded" });
    expect(lines().at(-1)).toBe(
      "OP_DONE_,000,FX,1,1,50000/100000,00000.00000000,00002.00000000,00008.00000000",
    );
  });

  test("waits for its receipt again where its deposit is taken back, and then for its new message", async () => {
    const { chains, clock, child, going, hash, payout, lines } = await exiting();
    await reorganise(chains[2], 1);
    expect(child.phase).toMatchObject({ open: { waitingFor: "receipt", hash } });
    expect(child.balance(2)).toBe(parseEther("1"));
    clock.advance(1000);
    chains[2].mine({ hash, logs: [sent(messengerL2, 2)] });
    await wakeAll();
    expect(child.phase).toMatchObject({ open: { waitingFor: "payout", message: idOf(2) } });
    await relay(chains[1], 2, payout);
    expect((await going).outcome).toEqual({ kind: "succeeded" });
    expect(child.balance(2)).toBe(parseEther("0.025") - feeAt());
    expect(lines().slice(2)).toEqual([
      `# taken-back=FX child=000 tx=${hash} block=10`,
      `# mined-again=FX child=000 tx=${hash} block=12`,
      "OP_DONE_,000,FX,1,1,50000/100000,00000.00000000,00008.00000000,00008.00000000",
    ]);
  });

  test("is sent again where its deposit fails on the other branch, and failed where it fails once more", async () => {
    const { chains, child, going, hash, lines } = await exiting();
    await reorganise(chains[2], 1, { hash, reverted: true });
    await wakeAll(3);
    const again = chains[2].sent.at(-1)?.hash as TxHash;
    expect(again).not.toBe(hash);
    expect(lines().at(-1)).toBe(`# again=FX child=000 tx=${again} instead=${hash}`);
    chains[2].mine({ hash: again, reverted: true });
    await wakeAll();
    expect((await going).outcome).toEqual({ kind: "failed", reason: "transaction reverted" });
    expect([child.on, child.balance(2)]).toEqual([2, parseEther("1") - 2n * feeAt()]);
  });

  test("is still abandoned where the run stops waiting", async () => {
    const all = await performing();
    const controller = new AbortController();
    const going = all.begin("FX", controller.signal);
    await settled();
    const hash = all.chains[2].sent.at(-1)?.hash as TxHash;
    all.chains[2].mine({ hash, logs: [sent(messengerL2, 1)] });
    await wakeAll();
    await reorganise(all.chains[2], 1);
    controller.abort();
    expect((await going).outcome).toEqual({ kind: "abandoned", waitingFor: "receipt" });
  });
});

test("an operation that is done says so where its transaction is taken back afterwards", async () => {
  const { chains, begin, lines } = await performing();
  const going = begin("PY");
  await settled();
  const hash = chains[2].sent.at(-1)?.hash as TxHash;
  chains[2].mine({ hash });
  await wakeAll();
  expect((await going).outcome).toEqual({ kind: "succeeded" });
  await reorganise(chains[2], 1);
  chains[2].mine({ hash });
  await wakeAll();
  expect(lines().slice(3)).toEqual([
    `# taken-back=PY child=000 tx=${hash} block=10 after=OP_DONE_`,
    `# mined-again=PY child=000 tx=${hash} block=12 after=OP_DONE_`,
  ]);
});

/** From now on the child has nothing, as on a branch without what it was paid: what it sends with this nonce is refused. */
function refuse(chain: FakeChain, nonce: number, since: Promise<void> = Promise.resolve()): void {
  chain.answer("eth_getBalance", () => "0x0");
  chain.answer("eth_sendRawTransaction", async (raw) => {
    if (Transaction.from(String(raw)).nonce !== nonce) return chain.real("eth_sendRawTransaction", [raw]);
    await since;
    throw nodeError("insufficient funds for gas * price + value");
  });
}

function takeAgain(chain: FakeChain): void {
  chain.answer("eth_getBalance", () => toQuantity(parseEther("1")));
  chain.unanswer("eth_sendRawTransaction");
}

/** How often a transaction of this nonce was handed in. */
const attempts = ({ calls }: FakeChain, nonce: number): number =>
  calls.filter(
    ({ method, params: [raw] }) =>
      method === "eth_sendRawTransaction" && Transaction.from(String(raw)).nonce === nonce,
  ).length;

describe("a transaction that is refused on another branch", () => {
  test("is sent again where nobody told of a reorganisation yet", async () => {
    const { chains, begin } = await performing();
    chains[2].fork(1);
    chains[2].mine();
    refuse(chains[2], 0);
    const going = begin("PY");
    await settled();
    takeAgain(chains[2]);
    chains[2].mine();
    await wakeAll(3);
    chains[2].minePending();
    await wakeAll();
    expect((await going).outcome).toEqual({ kind: "succeeded" });
  });

  test("is sent again once what its account sent before is mined anew", async () => {
    const { chains, begin } = await performing();
    const before = begin("PY");
    await settled();
    const [hash] = chains[2].minePending();
    await wakeAll();
    expect((await before).outcome).toEqual({ kind: "succeeded" });
    const refusal = Promise.withResolvers<void>();
    refuse(chains[2], 1, refusal.promise);
    const going = begin("PY");
    await settled();
    await reorganise(chains[2], 1);
    refusal.resolve();
    await settled();
    takeAgain(chains[2]);
    await wakeAll(10);
    expect(attempts(chains[2], 1)).toBe(1);
    chains[2].mine({ hash: hash as TxHash });
    await wakeAll(5);
    expect(attempts(chains[2], 1)).toBe(2);
    chains[2].minePending();
    await wakeAll();
    expect((await going).outcome).toEqual({ kind: "succeeded" });
  });

  test("is sent again where the watcher sees the reorganisation while a node is asked for one", async () => {
    const { chains, begin } = await performing();
    refuse(chains[2], 0);
    const asked = Promise.withResolvers<void>();
    const going = begin("PY");
    // The first block that is asked for after the refusal is answered once the watcher has seen the other branch.
    chains[2].answer("eth_getBlockByNumber", async (...params) => {
      if (attempts(chains[2], 0) > 0) await asked.promise;
      return chains[2].real("eth_getBlockByNumber", params);
    });
    await settled();
    await reorganise(chains[2], 1);
    asked.resolve();
    await settled();
    takeAgain(chains[2]);
    await wakeAll(10);
    chains[2].minePending();
    await wakeAll();
    expect((await going).outcome).toEqual({ kind: "succeeded" });
  });

  test("is sent again once what others sent before is mined anew", async () => {
    const { chains, begin, engine, child } = await performing();
    await engine.openAccounts([funder.address]);
    const plan = { to: child.address, data: "0x", value: 1n, moves: [] };
    const paying = engine.submitter.submit(funder, 2, plan, { purpose });
    await settled();
    await paying;
    const [hash] = chains[2].minePending();
    await wakeAll();
    const refusal = Promise.withResolvers<void>();
    refuse(chains[2], 0, refusal.promise);
    const going = begin("PY");
    await settled();
    await reorganise(chains[2], 1);
    refusal.resolve();
    await settled();
    takeAgain(chains[2]);
    const before = chains[2].sent.length;
    await wakeAll(10);
    expect(chains[2].sent).toHaveLength(before);
    chains[2].mine({ hash: hash as TxHash });
    await wakeAll(5);
    expect(chains[2].sent).toHaveLength(before + 1);
    chains[2].minePending();
    await wakeAll();
    expect((await going).outcome).toEqual({ kind: "succeeded" });
  });
});
