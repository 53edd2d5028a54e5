import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import { costOf } from "../../../stress/engine/rpc/index.ts";
import { parseReceipt } from "../../../stress/engine/rpc/receipt.ts";
import { L1_DATA_FEE, OPERATOR_FEE } from "../../../stress/protocols/fees.ts";
import { readFees } from "../../../stress/protocols/op-stack/fees.ts";
import { hashOf } from "../../fakes/chain.ts";

const GAS = 123_457n;
const PRICE = 1_000_000_007n;

/** A receipt of L2 as a node of the field tells it. */
const receipt = (own: Readonly<Record<string, unknown>> = {}) =>
  parseReceipt(
    {
      transactionHash: hashOf("a"),
      blockNumber: "0x1",
      blockHash: `0x${"11".repeat(32)}`,
      status: "0x1",
      type: "0x2",
      gasUsed: toQuantity(GAS),
      effectiveGasPrice: toQuantity(PRICE),
      logs: [],
      ...own,
    },
    readFees,
  );

const fee = (own: Readonly<Record<string, unknown>>) => receipt(own)?.fees;

describe("what L2 charges beside gas, to the wei,", () => {
  test("is the fee for data on L1 at each fork up to Holocene", () => {
    expect(fee({ l1Fee: "0x1234567", l1GasPrice: "0x3", l1GasUsed: "0x4" })).toEqual([
      { cause: L1_DATA_FEE, wei: 0x1234567n },
    ]);
  });

  // ⌊gas · scalar / 10⁶⌋ + constant: the fraction is dropped before the constant comes.
  test("is the operator's, too, since Isthmus", () => {
    const isthmus = { l1Fee: "0x5", operatorFeeScalar: "0x16e361", operatorFeeConstant: "0x309" };
    expect(fee(isthmus)).toEqual([
      { cause: L1_DATA_FEE, wei: 5n },
      { cause: OPERATOR_FEE, wei: (GAS * 1_500_001n) / 1_000_000n + 777n },
    ]);
    expect((GAS * 1_500_001n) % 1_000_000n).not.toBe(0n);
  });

  // gas · scalar · 100 + constant: its receipts tell the scalar of the data's footprint, which is debited from nobody.
  test("is reckoned by Jovian's rule where the receipt is Jovian's", () => {
    const jovian = {
      l1Fee: "0x0",
      operatorFeeScalar: "0x7",
      operatorFeeConstant: "0x9",
      daFootprintGasScalar: "0x190",
      blobGasUsed: "0x3e80",
    };
    expect(fee(jovian)).toEqual([{ cause: OPERATOR_FEE, wei: GAS * 7n * 100n + 9n }]);
  });

  test("is nothing of the operator's while its scalars are zero, or left out, or null", () => {
    expect(fee({ l1Fee: "0x0", operatorFeeScalar: "0x0", operatorFeeConstant: "0x0" })).toEqual([]);
    expect(fee({ l1Fee: null, operatorFeeScalar: null, operatorFeeConstant: null })).toEqual([]);
    expect(fee({})).toEqual([]);
  });

  test("is the constant where only that is set", () => {
    expect(fee({ operatorFeeConstant: "0x2a" })).toEqual([{ cause: OPERATOR_FEE, wei: 42n }]);
  });

  test("is on the gas that is left after a refund, which is taken off it already", () => {
    const refunded = { opGasRefund: "0x2710", l1Fee: "0x1", operatorFeeScalar: "0xf4240" };
    expect(receipt(refunded)).toMatchObject({
      gasUsed: GAS,
      gasFee: GAS * PRICE,
      fees: [
        { cause: L1_DATA_FEE, wei: 1n },
        { cause: OPERATOR_FEE, wei: GAS },
      ],
    });
  });

  test("makes a transaction's whole cost, with its gas", () => {
    const all = receipt({ l1Fee: "0x64", operatorFeeScalar: "0xf4240", operatorFeeConstant: "0x1" });
    expect(all && costOf(all)).toBe(GAS * PRICE + 100n + GAS + 1n);
  });
});

describe("nobody pays for", () => {
  const deposit = {
    type: "0x7e",
    effectiveGasPrice: "0x0",
    depositNonce: "0x3",
    depositReceiptVersion: "0x1",
  };

  test.each([
    { node: "a node that leaves the fields out", fields: {} },
    { node: "one that has them", fields: { l1Fee: "0x0", l1GasPrice: "0x77", l1GasUsed: "0x640" } },
    {
      node: "one that has the operator's, too",
      fields: { l1Fee: "0x0", operatorFeeScalar: "0x7", operatorFeeConstant: "0x9" },
    },
  ])("a deposit, by $node", ({ fields }) => {
    expect(receipt({ ...deposit, ...fields })).toMatchObject({ gasFee: 0n, fees: [] });
  });

  test("the transaction that closes a block with its refunds", () => {
    const closing = { type: "0x7d", effectiveGasPrice: "0x0", gasUsed: "0x0", l1Fee: "0x0" };
    expect(receipt({ ...closing, operatorFeeScalar: "0x7" })).toMatchObject({ gasFee: 0n, fees: [] });
  });
});
