import { toQuantity, Transaction } from "ethers";
import { describe, expect, test } from "vitest";
import { deadEndpoint, feeAt, GWEI, hashOf, nodeError } from "../../fakes/chain.ts";
import { A_WHILE, OPENING, payment, resending } from "../../fakes/resending.ts";
import { account, failing, transfer } from "../../fakes/submitting.ts";
import { wakeAll } from "../../fakes/timers.ts";

const never = new AbortController().signal;
describe("a transaction that waits", () => {
  test("is left alone where the node has it", async () => {
    const { submit, pass, rawSent, chain } = await resending();
    await submit();
    await pass(A_WHILE);
    expect(chain.asked("eth_getTransactionByHash")).toBeGreaterThan(0);
    expect(rawSent()).toHaveLength(1);
  });

  test("is not asked for with every block", async () => {
    const { submit, pass, chain } = await resending();
    await submit();
    await pass(6);
    expect(chain.asked("eth_getTransactionByHash")).toBe(0);
  });

  test("is sent again with the same bytes where the node forgot it", async () => {
    const { submit, pass, mine, rawSent, chain, counts, ledger } = await resending();
    const { hash } = await submit(payment(5n));
    chain.forget(hash);
    await pass(A_WHILE);
    const [first, ...more] = rawSent();
    expect(more).toEqual([first]);
    expect(counts()).toEqual({ rebroadcast: 1, replaced: 0 });
    await mine();
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 5n - feeAt());
  });

  test("is sent again together with others", async () => {
    const { submit, pass, rawSent, chain } = await resending();
    for (const { hash } of [await submit(), await submit(), await submit()]) chain.forget(hash);
    await pass(A_WHILE);
    const raw = rawSent();
    expect(raw.slice(3)).toEqual(raw.slice(0, 3));
  });

  test("has its turn, however many wait", async () => {
    const { submit, pass, rawSent, chain } = await resending();
    const all = 450;
    for (let one = 0; one < all; one++) await submit(transfer);
    chain.answer("eth_getTransactionByHash", () => null);
    await pass(20, 2000);
    expect(new Set(rawSent().slice(all)).size).toBe(all);
  });

  test("that no endpoint can tell of is looked for again later", async () => {
    const { submit, pass, rawSent, chain, lines } = await resending();
    const { hash } = await submit();
    chain.forget(hash);
    failing(chain, "eth_getTransactionByHash", deadEndpoint());
    await pass(A_WHILE);
    expect(lines).toEqual([expect.stringContaining(`WARNING cannot look for ${hash}`)]);
    await pass(4);
    expect(rawSent()).toHaveLength(2);
  });
});

describe("a transaction that a reorganisation took back", () => {
  test("is sent again at once where the node does not have it any more", async () => {
    const { submit, mine, reorganise, rawSent, chain, ledger } = await resending();
    const { hash } = await submit();
    await mine();
    chain.forget(hash);
    await reorganise(1);
    const [first, ...more] = rawSent();
    expect(more).toEqual([first]);
    await mine({ price: 7n * GWEI });
    expect(ledger.balance(account.address, 1)).toBe(OPENING - feeAt(7n * GWEI));
  });

  test("is not sent again where the node put it back among those that wait", async () => {
    const { submit, mine, reorganise, rawSent } = await resending();
    await submit();
    await mine();
    await reorganise(1);
    expect(rawSent()).toHaveLength(1);
  });

  test("comes before those that have only waited long", async () => {
    const { submit, pass, chain, clock } = await resending();
    const { hash } = await submit(transfer);
    for (let one = 0; one < 250; one++) await submit(transfer);
    await pass(7);
    chain.mine({ hash });
    await wakeAll();
    const asked: unknown[] = [];
    chain.answer("eth_getTransactionByHash", (one) => {
      asked.push(one);
      return {};
    });
    // Those that wait are due when the reorganisation is seen.
    clock.advance(4000);
    chain.fork(1);
    chain.mine();
    chain.mine();
    await wakeAll(2);
    expect([asked.length, asked[0]]).toEqual([200, hash]);
  });
});

describe("a transaction that the node does not have and does not take", () => {
  /** It is refused with this from the second time on. */
  async function refused(reason: string) {
    const all = await resending();
    const transaction = await all.submit(payment(5n));
    const mined = transaction.mined(never);
    mined.catch(() => undefined);
    all.chain.forget(transaction.hash);
    all.chain.answer("eth_sendRawTransaction", (raw) => {
      if (Transaction.from(String(raw)).value > 0n) throw nodeError(reason);
      return all.chain.real("eth_sendRawTransaction", [raw]);
    });
    return { ...all, transaction, mined };
  }

  test("is given up after half a minute, not before", async () => {
    const { pass, transaction, mined, nonces } = await refused("exceeds block gas limit");
    await pass(A_WHILE + 26);
    expect(transaction.state.at).toBe("waiting");
    await pass(10);
    await expect(mined).rejects.toMatchObject({
      failure: "refused",
      message: "no node takes it: exceeds block gas limit",
    });
    expect(nonces.take(account.address, 1)).toBe(7);
  });

  test("has its nonce filled where others wait behind it", async () => {
    const { submit, pass, transaction, chain, nonces } = await refused("exceeds block gas limit");
    chain.unanswer("eth_sendRawTransaction");
    const second = await submit();
    chain.answer("eth_sendRawTransaction", (raw) => {
      if (Transaction.from(String(raw)).hash === transaction.hash) throw nodeError("no");
      return chain.real("eth_sendRawTransaction", [raw]);
    });
    await pass(50);
    expect(chain.sent.at(-1)).toMatchObject({ nonce: 7, to: account.address, value: 0n, data: "0x" });
    expect([second.state.at, nonces.take(account.address, 1)]).toEqual(["waiting", 9]);
  });

  test("is not given up where 'nonce too low' means that it was mined", async () => {
    const { pass, transaction, chain } = await refused("nonce too low");
    // A node has it before the block is told of.
    const [blockHash, price] = [hashOf("not told yet"), toQuantity(GWEI)];
    const place = { blockNumber: toQuantity(1000), blockHash };
    const receipt = { ...place, status: "0x1", gasUsed: "0x5208", effectiveGasPrice: price, logs: [] };
    chain.answer("eth_getTransactionReceipt", (hash) => ({ ...receipt, transactionHash: hash }));
    await pass(60);
    expect(transaction.state.at).toBe("waiting");
    chain.mine({ hash: transaction.hash });
    await wakeAll();
    expect(transaction.state.at).toBe("mined");
  });

  test("is not given up where the node has it in between", async () => {
    const { pass, transaction, chain } = await refused("exceeds block gas limit");
    await pass(A_WHILE + 10);
    failing(chain, "eth_sendRawTransaction", nodeError("already known"));
    await pass(5);
    chain.answer("eth_sendRawTransaction", () => {
      throw nodeError("exceeds block gas limit");
    });
    await pass(20);
    expect(transaction.state.at).toBe("waiting");
  });

  test("is waited for where the node is only busy", async () => {
    const { pass, transaction } = await refused("txpool is full");
    await pass(100);
    expect(transaction.state.at).toBe("waiting");
  });
});

test("closing waits for what is being sent", async () => {
  const { submit, pass, chain, resender } = await resending();
  const { hash } = await submit();
  chain.forget(hash);
  const { promise, resolve } = Promise.withResolvers<string>();
  chain.answer("eth_sendRawTransaction", () => promise);
  await pass(A_WHILE);
  let isClosed = false;
  const closing = resender.close().then(() => {
    isClosed = true;
  });
  await wakeAll();
  expect(isClosed).toBe(false);
  resolve(hash);
  await closing;
});
