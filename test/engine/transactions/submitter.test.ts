import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import type { TxHash } from "../../../stress/engine/rpc/receipt.ts";
import { GWEI } from "../../fakes/chain.ts";
import { account, call, purpose, submitting, transfer } from "../../fakes/submitting.ts";
import { settled, wakeAll } from "../../fakes/timers.ts";

describe("a transaction", () => {
  test("is signed by its account, with its nonce and for its chain", async () => {
    const { chain, submitter } = await submitting();
    await submitter.submit(account, 1, call, { purpose });
    expect(chain.sent[0]).toMatchObject({
      from: account.address,
      to: call.to,
      data: call.data,
      value: 5n,
      nonce: 7,
      chainId: 31_337n,
    });
  });

  test("that calls a contract gets its estimate times the multiplier and 50,000 gas more", async () => {
    const { chain, submitter } = await submitting({ gasMultiplier: 1.5 });
    const { gasEstimated } = await submitter.submit(account, 1, call, { purpose });
    expect([gasEstimated, chain.sent[0]?.gasLimit]).toEqual([100_000n, 200_000n]);
  });

  test.each([
    { estimate: 14_000_000n, limit: 16_777_216n, what: "no more than chains take of one transaction" },
    { estimate: 17_000_000n, limit: 25_550_000n, what: "what it takes all the same where that is more" },
  ])("that takes $estimate gas is given $what", async ({ estimate, limit }) => {
    const { chain, submitter } = await submitting({ gasMultiplier: 1.5 });
    chain.answer("eth_estimateGas", () => toQuantity(estimate));
    await submitter.submit(account, 1, call, { purpose });
    expect(chain.sent[0]?.gasLimit).toBe(limit);
  });

  test("that is a plain transfer gets what the chain says that one takes exactly, for which it is asked once", async () => {
    const { chain, submitter } = await submitting();
    const { gasEstimated } = await submitter.submit(account, 1, transfer, { purpose });
    expect([gasEstimated, chain.sent[0]?.gasLimit]).toEqual([21_000n, 21_000n]);
    await submitter.submit(account, 1, transfer, { purpose });
    expect(chain.asked("eth_estimateGas")).toBe(1);
  });

  test("is registered and journaled before it is sent", async () => {
    const { chain, watcher, submitter } = await submitting();
    const journaled: unknown[] = [];
    const { hash } = await submitter.submit(account, 1, call, {
      purpose,
      onSigned: (...signed) =>
        journaled.push(...signed, watcher.waitingForReceipts, chain.asked("eth_sendRawTransaction")),
    });
    expect(journaled).toEqual([hash, 100_000n, 1, 0]);
  });

  test("is told of when it is watched for, and before it is sent", async () => {
    const { chain, watcher, submitter, stream } = await submitting();
    const told: unknown[] = [];
    stream.subscribe("journal", {
      signed: ({ transaction }) =>
        told.push(transaction.hash, watcher.waitingForReceipts, chain.asked("eth_sendRawTransaction")),
    });
    const { hash } = await submitter.submit(account, 1, call, { purpose });
    expect(told).toEqual([hash, 1, 0]);
  });

  test("is sent once whoever keeps what is told has kept it, and not before", async () => {
    const { chain, submitter, stream } = await submitting();
    const kept = Promise.withResolvers<void>();
    stream.subscribe("journal", {}, () => kept.promise);
    const submitted = submitter.submit(account, 1, call, { purpose });
    await settled();
    expect(chain.asked("eth_sendRawTransaction")).toBe(0);
    kept.resolve();
    await submitted;
    expect(chain.asked("eth_sendRawTransaction")).toBe(1);
  });

  test("that could not be kept is never sent, nor waited for, and its nonce is free again", async () => {
    const { chain, watcher, nonces, submitter, stream, transactions } = await submitting();
    const full = new Error("no space left on device");
    stream.subscribe("journal", {}, () => Promise.reject(full));
    await expect(submitter.submit(account, 1, call, { purpose })).rejects.toBe(full);
    expect([chain.asked("eth_sendRawTransaction"), watcher.waitingForReceipts]).toEqual([0, 0]);
    expect([transactions.waiting(1), nonces.take(account.address, 1)]).toEqual([[], 7]);
  });

  test("that the journal cannot take is never sent, nor waited for, and its nonce is free again", async () => {
    const { chain, watcher, nonces, submitter, stream, transactions } = await submitting();
    const full = new Error("no space left on device");
    stream.subscribe("journal", {
      signed: () => {
        throw full;
      },
    });
    await expect(submitter.submit(account, 1, call, { purpose })).rejects.toBe(full);
    expect([chain.asked("eth_sendRawTransaction"), watcher.waitingForReceipts]).toEqual([0, 0]);
    expect([transactions.waiting(1), nonces.take(account.address, 1)]).toEqual([[], 7]);
  });

  test("gives its receipt when it is mined, even in the moment it is sent", async () => {
    const { chain, submitter } = await submitting();
    chain.answer("eth_sendRawTransaction", (raw) => {
      const hash = chain.real("eth_sendRawTransaction", [raw]) as TxHash;
      chain.mine({ hash });
      return hash;
    });
    const transaction = await submitter.submit(account, 1, call, { purpose });
    await wakeAll();
    expect((await transaction.mined(new AbortController().signal)).hash).toBe(transaction.hash);
  });
});

describe("fees", () => {
  test("of a chain with a base fee leave room for it to double, and keep the tip", async () => {
    const { chain, submitter } = await submitting({ baseFee: 2n * GWEI });
    await submitter.submit(account, 1, call, { purpose });
    expect(chain.sent[0]).toMatchObject({
      type: 2,
      maxFeePerGas: 5n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
  });

  test("of a chain whose gas price is below its base fee have no tip", async () => {
    const { chain, submitter } = await submitting({ baseFee: 4n * GWEI });
    await submitter.submit(account, 1, call, { purpose });
    expect(chain.sent[0]).toMatchObject({ maxFeePerGas: 8n * GWEI, maxPriorityFeePerGas: 0n });
  });

  test("of a legacy chain are one gas price", async () => {
    const { chain, submitter } = await submitting({ baseFee: null });
    await submitter.submit(account, 1, call, { purpose });
    expect(chain.sent[0]).toMatchObject({ type: 0, gasPrice: 3n * GWEI });
  });

  test.each([
    [2n * GWEI, { type: 2, maxFeePerGas: 9n, maxPriorityFeePerGas: 9n }],
    [null, { type: 0, gasPrice: 9n }],
  ])("that are asked for exactly are paid exactly, the base fee being %s", async (baseFee, fees) => {
    const { chain, submitter } = await submitting({ baseFee });
    await submitter.submit(account, 1, { ...transfer, exactGasPrice: 9n }, { purpose });
    expect(chain.sent[0]).toMatchObject(fees);
  });

  test("have a bound that covers what is signed", async () => {
    const { chain, submitter } = await submitting();
    await submitter.submit(account, 1, call, { purpose });
    const { gasLimit = 0n, maxFeePerGas } = chain.sent[0] ?? {};
    expect(submitter.feeBound(1, 100_000n)).toBe(gasLimit * (maxFeePerGas ?? 0n));
  });
});
