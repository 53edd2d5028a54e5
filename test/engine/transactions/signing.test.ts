import { Transaction } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fees } from "../../../stress/engine/transactions/fees.ts";
import { highestPrice } from "../../../stress/engine/transactions/fees.ts";
import { movesOf, paymentMoves, type TransactionPlan } from "../../../stress/engine/transactions/plan.ts";
import { atHigherPrice, rawOf, signVersion } from "../../../stress/engine/transactions/signing.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { runs } from "../../fakes/property.ts";
import { account, call } from "../../fakes/submitting.ts";

const legacy = (gasPrice: bigint): Fees => ({ type: 0, gasPrice });
const TERMS = { chainId: 5n, nonce: 3, gasLimit: 21_000n };

/** Everything but the fee goes to the payee. */
const sweep = (amount: bigint, exactGasPrice: bigint): TransactionPlan => {
  const to = addressOf(90);
  return { to, data: "0x", value: amount, exactGasPrice, moves: paymentMoves(to, amount) };
};

const versionOf = (plan: TransactionPlan, fees: Fees) => signVersion(account, plan, { ...TERMS, fees });

describe("a signed version", () => {
  test.each<[string, Fees]>([
    ["one price", legacy(9n)],
    ["a base fee and a tip", { type: 2, maxFeePerGas: 9n, maxPriorityFeePerGas: 4n }],
  ])("with %s has the bytes that its hash is of", (_, fees) => {
    const { raw, hash } = versionOf(call, fees);
    const { to, data, value } = call;
    expect(Transaction.from(raw)).toMatchObject({
      ...TERMS,
      ...fees,
      hash,
      to,
      data,
      value,
      from: account.address,
    });
  });
});

test("bytes that were given up are the same when they are signed again", () => {
  const wei = fc.bigInt({ min: 1n, max: 10n ** 20n });
  fc.assert(
    fc.property(wei, wei, fc.nat(), (value, price, nonce) => {
      const version = signVersion(account, { ...call, value }, { ...TERMS, nonce, fees: legacy(price) });
      const again = rawOf({ account, nonce }, { ...version, raw: undefined }, TERMS.chainId);
      expect(again).toBe(version.raw);
    }),
    runs(50),
  );
});

describe("a plan at a higher price", () => {
  test("is the same where something is left in the account anyway", () => {
    expect(atHigherPrice(versionOf(call, legacy(9n)), legacy(90n))).toBe(call);
  });

  test("that leaves nothing behind costs as much as before, fee and value together", () => {
    const wei = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(wei, wei, fc.bigInt({ min: 10n ** 17n, max: 10n ** 18n }), (before, more, amount) => {
        const version = versionOf(sweep(amount, before), legacy(before));
        const higher = legacy(before + more);
        const plan = atHigherPrice(version, higher);
        const cost = (value: bigint, price: bigint): bigint => value + price * TERMS.gasLimit;
        expect(plan && cost(plan.value, highestPrice(higher))).toBe(cost(amount, before));
        expect(plan && movesOf(plan)).toEqual(paymentMoves(addressOf(90), plan?.value ?? 0n));
        expect(plan?.exactGasPrice).toBe(before + more);
      }),
      runs(50),
    );
  });

  test("does not exist where nothing would be left to pay", () => {
    const version = versionOf(sweep(21_000n, 9n), legacy(9n));
    expect(atHigherPrice(version, legacy(10n))).toBeUndefined();
  });
});
