import { parseEther, toQuantity, Transaction } from "ethers";
import { describe, expect, test } from "vitest";
import type { Purpose } from "../../../stress/engine/transactions/purpose.ts";
import { NotSubmitted } from "../../../stress/engine/transactions/sent-transaction.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { deadEndpoint, type FakeChain, hashOf, nodeError } from "../../fakes/chain.ts";
import { account, call, failing, purpose, submitting } from "../../fakes/submitting.ts";
import { hurry, slept, wakeAll } from "../../fakes/timers.ts";
import { soFar } from "../../fakes/watching.ts";

const never = new AbortController().signal;

/** Nobody has anything there. */
const poor = (chain: FakeChain): void => chain.answer("eth_getBalance", () => "0x0");

describe("a transaction that the chain refuses", () => {
  test("and that the account cannot pay is not submitted, and its nonce is free again", async () => {
    const { chain, nonces, submitter } = await submitting();
    failing(chain, "eth_sendRawTransaction", nodeError("insufficient funds for gas * price + value"));
    poor(chain);
    await expect(submitter.submit(account, 1, call, { purpose })).rejects.toMatchObject({
      failure: "insufficient funds",
    });
    expect(nonces.take(account.address, 1)).toBe(7);
  });

  test("and that is mined all the same is booked", async () => {
    const { chain, submitter, stream } = await submitting();
    failing(chain, "eth_sendRawTransaction", nodeError("insufficient funds"));
    poor(chain);
    const [signed, mined] = [eventsOf(stream, "signed"), eventsOf(stream, "mined")];
    await expect(submitter.submit(account, 1, call, { purpose })).rejects.toBeInstanceOf(NotSubmitted);
    const [{ hash } = { hash: undefined }] = signed.map(({ transaction }) => transaction);
    if (hash === undefined) throw new Error("it was signed");
    chain.mine({ hash });
    await wakeAll();
    expect(mined.map(({ receipt }) => receipt.hash)).toEqual([hash]);
  });

  test("when a block has it already counts as submitted, whatever the node says then", async () => {
    const { chain, submitter, stream } = await submitting();
    const [signed, doubted] = [eventsOf(stream, "signed"), eventsOf(stream, "doubted")];
    const answer = Promise.withResolvers<never>();
    chain.answer("eth_sendRawTransaction", () => answer.promise);
    const submission = submitter.submit(account, 1, call, { purpose });
    await expect.poll(() => signed.length).toBe(1);
    const [{ hash } = { hash: hashOf("none") }] = signed.map(({ transaction }) => transaction);
    chain.mine({ hash });
    await wakeAll();
    // The node has not answered yet.
    expect((await submission).state).toMatchObject({ at: "mined", receipt: { hash } });
    answer.reject(nodeError("insufficient funds for gas * price + value"));
    await wakeAll();
    expect(doubted).toEqual([]);
    expect(chain.asked("eth_getTransactionByHash")).toBe(0);
  });

  // One node's word is not the last: a load balancer may have sent it twice, and passed on the second answer.
  test.each([
    "insufficient funds for gas * price + value",
    "transaction underpriced",
    "exceeds block gas limit",
    "nonce too low: next nonce 8, tx nonce 7",
  ])("with '%s' but that the chain's state allows is in doubt, and watched for", async (words) => {
    const { chain, watcher, nonces, submitter, stream } = await submitting();
    const doubted = eventsOf(stream, "doubted");
    chain.answer("eth_getBalance", () => toQuantity(parseEther("1")));
    failing(chain, "eth_sendRawTransaction", nodeError(words));
    const transaction = await submitter.submit(account, 1, call, { purpose });
    expect(doubted.map((one) => one.transaction)).toEqual([transaction]);
    expect([watcher.waitingForReceipts, nonces.take(account.address, 1)]).toEqual([1, 8]);
  });

  test("with any words though a node has it is submitted", async () => {
    const { chain, submitter, stream } = await submitting();
    const doubted = eventsOf(stream, "doubted");
    chain.answer("eth_sendRawTransaction", (raw) => {
      chain.real("eth_sendRawTransaction", [raw]);
      throw nodeError("nonce too low: next nonce 8, tx nonce 7");
    });
    await submitter.submit(account, 1, call, { purpose });
    expect(doubted).toEqual([]);
  });

  test("when its gas is estimated takes no nonce and is not journaled", async () => {
    const { chain, nonces, submitter, stream } = await submitting();
    const signed = eventsOf(stream, "signed");
    const reverted = nodeError("execution reverted: no liquidity");
    failing(chain, "eth_estimateGas", reverted, reverted, reverted);
    const submission = hurry(
      submitter.submit(account, 1, call, { purpose, onSigned: () => expect.unreachable() }),
    );
    await expect(submission).rejects.toBeInstanceOf(NotSubmitted);
    await expect(submission).rejects.toMatchObject({ failure: "reverted" });
    expect([signed, nonces.take(account.address, 1)]).toEqual([[], 7]);
  });

  test("when its gas is estimated is asked again: one node may be behind", async () => {
    const { chain, submitter } = await submitting();
    const reverted = nodeError("execution reverted: no liquidity");
    failing(chain, "eth_estimateGas", reverted, reverted);
    await expect(hurry(submitter.submit(account, 1, call, { purpose }))).resolves.toMatchObject({ nonce: 7 });
  });

  test("because its nonce is used up takes up the account's nonces as the chain has them", async () => {
    const { chain, nonces, submitter } = await submitting();
    failing(chain, "eth_sendRawTransaction", nodeError("nonce too low"));
    chain.answer("eth_getTransactionCount", () => "0x14");
    await expect(submitter.submit(account, 1, call, { purpose })).rejects.toMatchObject({
      failure: "nonce too low",
    });
    expect(nonces.take(account.address, 1)).toBe(20);
  });

  test("while later ones are under way has an empty one take its place, so that they are not stuck", async () => {
    const { chain, nonces, submitter, stream } = await submitting();
    const signed = eventsOf(stream, "signed");
    poor(chain);
    chain.answer("eth_sendRawTransaction", () => {
      // Another one of the account's is sent meanwhile.
      nonces.take(account.address, 1);
      chain.unanswer("eth_sendRawTransaction");
      throw nodeError("insufficient funds");
    });
    const funder: Purpose = { kind: "funder", code: "FF", amount: 5n };
    const submission = submitter.submit(account, 1, call, { purpose: funder });
    await expect(submission).rejects.toBeInstanceOf(NotSubmitted);
    expect(chain.sent).toMatchObject([
      { nonce: 7, to: account.address, value: 0n, data: "0x", gasLimit: 21_000n },
    ]);
    // Whoever is told of it can tell it from the one that was refused.
    expect(signed.map(({ transaction }) => transaction.purpose)).toEqual([funder, { kind: "filler" }]);
    expect(nonces.take(account.address, 1)).toBe(9);
  });
});

test("two refusals of one account among four transactions leave no gap", async () => {
  const { chain, nonces, submitter } = await submitting();
  const refused = [8, 9];
  poor(chain);
  chain.answer("eth_sendRawTransaction", (raw) => {
    const { nonce, value } = Transaction.from(String(raw));
    if (value > 0n && refused.includes(nonce)) throw nodeError("exceeds block gas limit");
    return chain.real("eth_sendRawTransaction", [raw]);
  });
  const paying = { ...call, value: 1n };
  await hurry(Promise.allSettled([1, 2, 3, 4].map(() => submitter.submit(account, 1, paying, { purpose }))));
  expect(chain.sent.map(({ nonce }) => nonce).sort((a, b) => a - b)).toEqual([7, 8, 9, 10]);
  expect(nonces.hasGap(account.address, 1)).toBe(false);
});

test("two accounts' transactions that are refused at the same time both have their gaps filled", async () => {
  const { chain, nonces, submitter } = await submitting();
  const accounts = [account, account.deriveChild(1, 1)];
  for (const { address } of accounts) nonces.open(address, 1, 7);
  let refused = 0;
  poor(chain);
  chain.answer("eth_sendRawTransaction", (raw) => {
    const { from, value } = Transaction.from(String(raw));
    if (value === 0n) return chain.real("eth_sendRawTransaction", [raw]);
    // Another one of the account's is sent meanwhile.
    nonces.take(from ?? "", 1);
    refused++;
    throw nodeError("exceeds block gas limit");
  });
  await hurry(Promise.allSettled(accounts.map((one) => submitter.submit(one, 1, call, { purpose }))));
  expect(refused).toBe(2);
  expect(new Set(chain.sent.map(({ from }) => from))).toEqual(
    new Set(accounts.map(({ address }) => address)),
  );
});

test("a refusal is told as it was, even where the gap it leaves cannot be filled", async () => {
  const { chain, nonces, submitter } = await submitting();
  const answers = ["exceeds block gas limit", "insufficient funds"];
  poor(chain);
  chain.answer("eth_sendRawTransaction", () => {
    nonces.take(account.address, 1);
    throw nodeError(answers.shift() ?? "nothing more");
  });
  await expect(submitter.submit(account, 1, call, { purpose })).rejects.toMatchObject({ failure: "refused" });
});

describe("an answer that does not come", () => {
  test("is no matter where the chain says that it knows the transaction already", async () => {
    const { chain, submitter } = await submitting();
    failing(chain, "eth_sendRawTransaction", nodeError("already known"));
    const { hash } = await hurry(submitter.submit(account, 1, call, { purpose }));
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test("is no matter where the chain has the transaction by its hash", async () => {
    const { chain, watcher, submitter } = await submitting();
    chain.answer("eth_sendRawTransaction", (raw) => {
      chain.real("eth_sendRawTransaction", [raw]);
      throw deadEndpoint();
    });
    const transaction = await hurry(submitter.submit(account, 1, call, { purpose }));
    const { hash } = transaction;
    expect([chain.sent.length, watcher.waitingForReceipts]).toEqual([1, 1]);
    chain.mine({ hash });
    await wakeAll();
    expect((await transaction.mined(never)).hash).toBe(hash);
  });

  test("has the same bytes sent again where the chain does not have them", async () => {
    const { chain, submitter } = await submitting();
    failing(chain, "eth_sendRawTransaction", deadEndpoint(), deadEndpoint());
    const { hash } = await hurry(submitter.submit(account, 1, call, { purpose }));
    const sent = chain.calls.filter(({ method }) => method === "eth_sendRawTransaction");
    expect(new Set(sent.map(({ params }) => params[0])).size).toBe(1);
    expect([sent.length, chain.sent[0]?.hash]).toEqual([3, hash]);
  });

  test("may be followed by 'nonce too low' of a transaction that was mined after all", async () => {
    const { chain, submitter } = await submitting();
    failing(chain, "eth_sendRawTransaction", deadEndpoint(), nodeError("nonce too low"));
    let known = false;
    chain.answer("eth_getTransactionByHash", () => {
      const answer = known ? {} : null;
      known = true;
      return answer;
    });
    await expect(hurry(submitter.submit(account, 1, call, { purpose }))).resolves.toMatchObject({
      gasEstimated: 100_000n,
    });
  });

  test("is waited for longer each time", async () => {
    const { chain, submitter } = await submitting();
    const before = slept.length;
    failing(chain, "eth_estimateGas", deadEndpoint(), deadEndpoint(), deadEndpoint());
    await hurry(submitter.submit(account, 1, call, { purpose }));
    // Polls for the head, and what is made once more if that hangs, are none of these.
    expect(slept.slice(before).filter((ms) => ms % 200 === 0 && ms < 5000)).toEqual([200, 400, 800]);
  });

  test("to the last attempt leaves the transaction submitted: it may be mined yet", async () => {
    const { chain, watcher, nonces, submitter } = await submitting();
    chain.answer("eth_sendRawTransaction", () => {
      throw deadEndpoint();
    });
    const transaction = await hurry(submitter.submit(account, 1, call, { purpose }));
    const { hash } = transaction;
    expect([watcher.waitingForReceipts, nonces.take(account.address, 1)]).toEqual([1, 8]);
    const mined = soFar(transaction.mined(never));
    chain.mine({ hash });
    await wakeAll();
    expect(mined.value?.hash).toBe(hash);
  });

  test("about the gas makes it not submitted in the end", async () => {
    const { chain, submitter } = await submitting();
    chain.answer("eth_estimateGas", () => {
      throw deadEndpoint();
    });
    await expect(hurry(submitter.submit(account, 1, call, { purpose }))).rejects.toMatchObject({
      failure: "no answer",
    });
  });
});
