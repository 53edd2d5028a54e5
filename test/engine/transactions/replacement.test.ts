import { toQuantity, Transaction } from "ethers";
import { describe, expect, test } from "vitest";
import type { TxHash } from "../../../stress/engine/rpc/receipt.ts";
import type { TransactionPlan } from "../../../stress/engine/transactions/plan.ts";
import { deadEndpoint, feeAt, GWEI, nodeError } from "../../fakes/chain.ts";
import { A_WHILE, OPENING, payment, resending } from "../../fakes/resending.ts";
import { account, failing } from "../../fakes/submitting.ts";

describe("a transaction that the base fee has overtaken", () => {
  /** One that waits at a base fee of 2 gwei, and then it is 50. */
  async function stuck(plan: TransactionPlan = payment(10n ** 16n)) {
    const all = await resending();
    const transaction = await all.submit(plan);
    all.chain.baseFee = 50n * GWEI;
    await all.pass(A_WHILE);
    const versions = all.rawSent().map((raw) => Transaction.from(raw));
    return { ...all, transaction, versions };
  }

  test("is replaced by the same with the same nonce and a price that covers it", async () => {
    const { versions, transaction, counts, told } = await stuck();
    const [first, second] = versions;
    const { nonce, to, value, data, gasLimit } = first ?? {};
    expect(second).toMatchObject({ nonce, to, value, data, gasLimit });
    expect(second?.maxFeePerGas).toBeGreaterThanOrEqual(100n * GWEI);
    expect([versions.length, counts().replaced]).toEqual([2, 1]);
    expect(told).toEqual([["replaced", first?.hash, second?.hash]]);
    expect(transaction.hash).toBe(second?.hash);
  });

  test.each([0, 1])("is booked once where version %i is mined", async (mined) => {
    const { versions, chain, pass, transaction, ledger, watcher } = await stuck();
    const hash = versions[mined]?.hash as TxHash;
    chain.mine({ hash });
    await pass(3);
    expect(transaction.state).toMatchObject({ at: "mined", receipt: { hash } });
    expect(transaction.hash).toBe(hash);
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 10n ** 16n - feeAt());
    await pass(130);
    expect(watcher.waitingForReceipts).toBe(0);
  });

  test("counts once where one version is mined, taken back, and then the other is mined", async () => {
    const { versions, chain, pass, reorganise, transaction, ledger, told } = await stuck();
    const [first, second] = versions.map(({ hash }) => hash as TxHash);
    chain.mine({ hash: second as TxHash });
    await pass(1);
    await reorganise(2, () => chain.mine({ hash: first as TxHash, price: 3n * GWEI }));
    await pass(2);
    expect(transaction.hash).toBe(first);
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 10n ** 16n - feeAt(3n * GWEI));
    expect(told.slice(1).map((one) => (one as string[]).slice(0, 2))).toEqual([
      ["taken back", second],
      ["mined again", first],
    ]);
  });

  test("pays the higher fee out of its value where nothing is to stay behind", async () => {
    const price = 4n * GWEI;
    const { versions, chain, pass, ledger } = await stuck({ ...payment(10n ** 17n), exactGasPrice: price });
    const [first, second] = versions;
    const more = ((second?.maxFeePerGas ?? 0n) - price) * 21_000n;
    expect(second?.maxPriorityFeePerGas).toBe(second?.maxFeePerGas);
    expect([first?.value, second?.value]).toEqual([10n ** 17n, 10n ** 17n - more]);
    chain.mine({ hash: second?.hash as TxHash });
    await pass(1);
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 10n ** 17n + more - feeAt());
  });

  test.each([
    ["is replaced where another of the account's comes first, too: it is too cheap in itself", 6, 2],
    ["is left alone where its nonce is used: whatever was mined is about to be told", 8, 1],
  ])("%s", async (_, count, sent) => {
    const { chain, submit, pass, rawSent } = await resending();
    const { nonce } = await submit();
    expect(nonce).toBe(7);
    chain.baseFee = 50n * GWEI;
    chain.answer("eth_getTransactionCount", () => toQuantity(count));
    await pass(A_WHILE);
    expect(rawSent()).toHaveLength(sent);
  });
});

describe("a transaction of a chain with one gas price", () => {
  test("is replaced where it is not mined for a minute and a half", async () => {
    const { submit, pass, rawSent } = await resending({ baseFee: null });
    await submit();
    await pass(90);
    expect(rawSent()).toHaveLength(1);
    await pass(5);
    const prices = rawSent().map((raw) => Transaction.from(raw).gasPrice ?? 0n);
    expect(prices).toHaveLength(2);
    expect((prices[1] ?? 0n) * 10n).toBeGreaterThanOrEqual((prices[0] ?? 0n) * 11n);
  });
});

describe("a replacement", () => {
  /** A transaction that is too cheap, whose replacements the node answers with this. */
  async function answered(error: Error) {
    const all = await resending();
    const transaction = await all.submit(payment(5n));
    all.chain.baseFee = 50n * GWEI;
    failing(all.chain, "eth_sendRawTransaction", error);
    await all.pass(A_WHILE);
    return { ...all, transaction };
  }

  test("that the node refuses is set aside: the first version counts again", async () => {
    const { transaction, counts, told, chain, pass, rawSent } = await answered(
      nodeError("insufficient funds"),
    );
    const { hash } = transaction;
    expect(hash).toBe(Transaction.from(rawSent()[0] ?? "").hash);
    expect(counts().replaced).toBe(0);
    // What the journal was told of the replacement does not stay.
    const [[, , by] = []] = told as string[][];
    expect(told).toEqual([
      ["replaced", hash, by],
      ["replaced", by, hash],
    ]);
    chain.mine({ hash });
    await pass(1);
    expect(transaction.state.at).toBe("mined");
  });

  test("that the node refuses, and has all the same, is booked where it is mined", async () => {
    const { transaction, told, watcher, chain, pass, ledger } = await answered(nodeError("nonce too low"));
    const [[, first, second] = []] = told as TxHash[][];
    expect([transaction.hash, watcher.waitingForReceipts]).toEqual([first, 2]);
    chain.mine({ hash: second as TxHash });
    await pass(1);
    expect(transaction.state).toMatchObject({ at: "mined", receipt: { hash: second } });
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 5n - feeAt());
    await pass(130);
    expect(watcher.waitingForReceipts).toBe(0);
  });

  test("that is tried again after it was refused is one version of two", async () => {
    const { transaction, told, pass, counts } = await answered(
      nodeError("replacement transaction underpriced"),
    );
    const [[, , second] = []] = told as TxHash[][];
    await pass(A_WHILE);
    expect(transaction.versions.map(({ hash }) => hash).at(-1)).toBe(second);
    expect([transaction.versions.length, counts().replaced]).toEqual([2, 1]);
  });

  test("whose answer got lost is waited for, as the first version is", async () => {
    const { transaction, watcher, chain, pass, ledger } = await answered(deadEndpoint());
    const [, second] = transaction.versions;
    expect(watcher.waitingForReceipts).toBe(2);
    chain.mine({ hash: second?.hash as TxHash });
    await pass(1);
    expect(transaction.state).toMatchObject({ at: "mined", receipt: { hash: second?.hash } });
    expect(ledger.balance(account.address, 1)).toBe(OPENING - 5n - feeAt());
  });

  test("is made where a transaction that was forgotten costs too little now", async () => {
    const { submit, chain, pass, rawSent, counts } = await resending();
    const { hash } = await submit();
    chain.forget(hash);
    failing(chain, "eth_sendRawTransaction", nodeError("max fee per gas less than block base fee"));
    await pass(A_WHILE);
    const [first, again, replacement] = rawSent();
    expect(again).toBe(first);
    expect(replacement && Transaction.from(replacement).nonce).toBe(7);
    expect(counts()).toEqual({ rebroadcast: 0, replaced: 1 });
  });
});
