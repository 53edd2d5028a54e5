import { describe, expect, test } from "vitest";
import { NotSubmitted } from "../../../stress/engine/transactions/sent-transaction.ts";
import { Abandoned } from "../../../stress/engine/base/index.ts";
import { paymentMoves } from "../../../stress/engine/transactions/plan.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { deadEndpoint, feeAt, GWEI } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { opened } from "../../fakes/net.ts";
import { OPENING, resending } from "../../fakes/resending.ts";
import { account, call } from "../../fakes/submitting.ts";
import { hurry, wakeAll } from "../../fakes/timers.ts";
import { soFar } from "../../fakes/watching.ts";

const never = new AbortController().signal;
const payee = addressOf(91);
const paying = { ...call, to: payee, moves: paymentMoves(payee, 5n) };

describe("a transaction that is mined", () => {
  test("is booked once, however many blocks follow", async () => {
    const { ledger, submit, mine, pass, transactions } = await resending();
    opened(ledger, payee, 1);
    const transaction = await submit(paying);
    expect(transactions.waiting(1)).toEqual([transaction]);
    await mine();
    await pass(5);
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 5n - feeAt());
    expect(ledger.balance(payee, 1)).toBe(5n);
    expect([transactions.waiting(1), transactions.isWaiting(account.address)]).toEqual([[], false]);
  });

  test("costs its fees and moves nothing where it failed", async () => {
    const { ledger, submit, mine } = await resending();
    await submit(paying);
    await mine({ reverted: true });
    expect(ledger.balance(account.address, 1)).toBe(OPENING - feeAt());
  });

  test("is booked before anybody is told, and before who waits goes on", async () => {
    const { ledger, submit, mine, stream } = await resending();
    const balances: bigint[] = [];
    stream.subscribe("arrivals", { mined: () => balances.push(ledger.balance(account.address, 1)) });
    const transaction = await submit(paying);
    void transaction.mined(never).then(() => balances.push(ledger.balance(account.address, 1)));
    await mine();
    expect(balances).toEqual([OPENING - 5n - feeAt(), OPENING - 5n - feeAt()]);
  });
});

describe("a transaction that a reorganisation takes back", () => {
  test("waits again, and its books are as if it had never been", async () => {
    const { ledger, submit, mine, reorganise, transactions, told, watcher, stream } = await resending();
    const takenBack = eventsOf(stream, "taken back");
    opened(ledger, payee, 1);
    const transaction = await submit(paying);
    await mine();
    await reorganise(1);
    expect(transaction.state).toEqual({ at: "waiting" });
    expect(transactions.waiting(1)).toEqual([transaction]);
    expect([ledger.balance(account.address, 1), ledger.balance(payee, 1)]).toEqual([OPENING, 0n]);
    expect(told).toEqual([["taken back", transaction.hash, 10]]);
    expect(takenBack.map((event) => event.transaction)).toEqual([transaction]);
    expect(watcher.waitingForReceipts).toBe(1);
  });

  test("is booked with the fee and block of where it is mined again, and the journal is told", async () => {
    const { ledger, submit, mine, reorganise, told } = await resending();
    const transaction = await submit(paying);
    await mine({ price: 2n * GWEI });
    await reorganise(1);
    const [hash] = await mine({ price: 7n * GWEI });
    expect(hash).toBe(transaction.hash);
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 5n - feeAt(7n * GWEI));
    expect(told.at(-1)).toEqual(["mined again", hash, 12]);
    expect(transaction.state).toMatchObject({ at: "mined", receipt: { blockNumber: 12 } });
  });

  test("may be in the same place of the other branch, and fail there", async () => {
    const { chain, ledger, submit, mine, reorganise } = await resending();
    const transaction = await submit(paying);
    await mine();
    await reorganise(1, () => chain.minePending({ reverted: true }));
    expect(transaction.state).toMatchObject({ at: "mined", receipt: { succeeded: false, blockNumber: 10 } });
    expect(ledger.balance(account.address, 1)).toBe(OPENING - feeAt());
  });

  test("has those who ask for its receipt then wait for the new one", async () => {
    const { submit, mine, reorganise } = await resending();
    const transaction = await submit();
    await mine();
    await reorganise(1);
    const mined = soFar(transaction.mined(never));
    expect(mined.value).toBeUndefined();
    await mine();
    expect(mined.value?.blockNumber).toBe(12);
  });

  test("is one of several: all of them wait again", async () => {
    const { ledger, submit, mine, reorganise, transactions } = await resending();
    const first = await submit(paying);
    await mine();
    const others = [await submit(paying), await submit(paying)];
    await mine();
    await reorganise(2);
    expect(transactions.waiting(1)).toEqual([first, ...others]);
    expect(ledger.balance(account.address, 1)).toBe(OPENING);
    await mine();
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 3n * (5n + feeAt()));
    expect(transactions.waiting(1)).toEqual([]);
  });

  test("can be taken back again and again", async () => {
    const { ledger, submit, mine, reorganise, told } = await resending();
    await submit(paying);
    await mine();
    for (let time = 0; time < 3; time++) {
      await reorganise(1);
      await mine();
    }
    const round = ["taken back", "mined again"];
    expect(told.map((one) => (one as string[])[0])).toEqual([...round, ...round, ...round]);
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 5n - feeAt());
  });

  test("stays mined where the branches part after it", async () => {
    const { submit, mine, pass, reorganise, told } = await resending();
    const transaction = await submit();
    await mine();
    await pass(2);
    await reorganise(2);
    expect([transaction.state.at, told]).toEqual(["mined", []]);
  });
});

describe("whoever waits for a transaction", () => {
  test("is told where it is given up; should it be mined all the same, it is seen", async () => {
    const { submit, submitter, transactions, watcher } = await resending();
    const transaction = await submit();
    const mined = transaction.mined(never);
    const refusal = expect(mined).rejects.toMatchObject({ failure: "refused", message: "no more" });
    await submitter.giveUp(transaction, new NotSubmitted("refused", "no more"));
    await refusal;
    await expect(transaction.mined(never)).rejects.toBeInstanceOf(NotSubmitted);
    expect([transactions.waiting(1), watcher.waitingForReceipts]).toEqual([[], 1]);
  });

  test("can stop waiting", async () => {
    const { submit } = await resending();
    const controller = new AbortController();
    const mined = (await submit()).mined(controller.signal);
    controller.abort();
    await expect(mined).rejects.toBeInstanceOf(Abandoned);
  });
});

describe("accounts are settled", () => {
  test("once all they sent is mined", async () => {
    const { submit, mine, transactions } = await resending();
    await submit();
    await submit();
    const done = transactions.settled([payee, account.address], 60_000);
    await mine();
    expect(await hurry(done)).toBe(true);
  });

  test("or not, where that takes too long", async () => {
    const { submit, transactions, clock } = await resending();
    await submit();
    const done = transactions.settled([account.address], 1000);
    const isOver = soFar(done);
    clock.advance(1000);
    await wakeAll();
    expect(isOver.value).toBeUndefined();
    clock.advance(1);
    expect(await hurry(done)).toBe(false);
    expect(await transactions.settled([payee], 0)).toBe(true);
  });

  test("or not, where an endpoint is dead", async () => {
    const { submit, transactions, chain, clock } = await resending();
    await submit();
    const done = transactions.settled([account.address], Number.POSITIVE_INFINITY);
    chain.answer("eth_blockNumber", () => {
      throw deadEndpoint();
    });
    await wakeAll();
    clock.advance(60_000);
    expect(await hurry(done)).toBe(false);
  });
});
