import { AbiCoder } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedAnswer, Node } from "../../stress/engine/rpc/index.ts";
import {
  L1_DATA_FEE,
  NO_OPERATOR_FEE,
  OPERATOR_FEE,
  operatorFeeOf,
  readOperatorFee,
  readRollupFees,
} from "../../stress/protocols/fees.ts";
import { deadEndpoint, FakeChain, nodeError } from "../fakes/chain.ts";
import { addressOf } from "../fakes/contracts.ts";
import { runs } from "../fakes/property.ts";

const GAS = { gasUsed: "0x5208" };
const ORACLE = addressOf(15);

describe("what a receipt charges beside gas × price", () => {
  test("is a line for data, where it is told", () => {
    expect(readRollupFees({ l1Fee: "0x64" })).toEqual([{ cause: L1_DATA_FEE, wei: 100n }]);
  });

  test.each([{}, { l1Fee: null }, { l1Fee: null, operatorFeeScalar: null, operatorFeeConstant: null }])(
    "is nothing in %j",
    (receipt) => {
      expect(readRollupFees(receipt)).toEqual([]);
    },
  );

  // 21,000 gas: × 3 / 10^6 is 0.063, rounded down.
  test.each([
    [{ operatorFeeScalar: "0x1e8480", operatorFeeConstant: "0x7" }, 42_007n],
    [{ operatorFeeScalar: "0x3", operatorFeeConstant: "0x7" }, 7n],
    [{ operatorFeeScalar: "0x1e8480" }, 42_000n],
    [{ operatorFeeConstant: "0x7" }, 7n],
    // Jovian's receipts have a field more, and its formula another factor.
    [{ operatorFeeScalar: "0x3", operatorFeeConstant: "0x7", daFootprintGasScalar: "0x190" }, 6_300_007n],
  ])("is the operator's fee in %j", (fields, wei) => {
    expect(readRollupFees({ ...GAS, ...fields })).toEqual([{ cause: OPERATOR_FEE, wei }]);
  });

  test.each([
    { l1Fee: 100 },
    { l1Fee: "100" },
    { l1Fee: {} },
    { ...GAS, operatorFeeScalar: 5 },
    { operatorFeeConstant: "0x1" },
  ])("is malformed in %j", (receipt) => {
    expect(() => readRollupFees(receipt)).toThrow(MalformedAnswer);
  });
});

describe("what the operator charges now", () => {
  /** A chain whose oracle answers by a fork's formula. */
  const reading = (fee: (gas: bigint) => bigint) => {
    const chain = new FakeChain();
    chain.answer("eth_call", (call) => {
      const { data } = call as { data: string };
      return AbiCoder.defaultAbiCoder().encode(["uint256"], [fee(BigInt(`0x${data.slice(10)}`))]);
    });
    return readOperatorFee(new Node(chain), ORACLE);
  };

  test.each([
    ["Isthmus", (gas: bigint, scalar: bigint) => (gas * scalar) / 10n ** 6n],
    ["Jovian", (gas: bigint, scalar: bigint) => gas * scalar * 100n],
  ])("is bounded to the wei by what the oracle says, by the formula of %s", async (_, perGas) => {
    const uint = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
    await fc.assert(
      fc.asyncProperty(uint(32), uint(64), uint(25), async (scalar, constant, gas) => {
        const charged = perGas(gas, scalar) + constant;
        const bound = operatorFeeOf(await reading((some) => perGas(some, scalar) + constant), gas);
        expect(bound - charged).toBeGreaterThanOrEqual(0n);
        expect(bound - charged).toBeLessThanOrEqual(1n);
      }),
      runs(200),
    );
  });

  test.each([
    ["its oracle reverts", () => nodeError("execution reverted")],
    ["it has no such method in words of its own", () => nodeError("invalid opcode")],
  ])("is nothing where %s", async (_, error) => {
    const chain = new FakeChain();
    chain.answer("eth_call", () => {
      throw error();
    });
    expect(await readOperatorFee(new Node(chain), ORACLE)).toEqual(NO_OPERATOR_FEE);
  });

  test("is nothing where there is no oracle", async () => {
    const chain = new FakeChain();
    chain.answer("eth_call", () => "0x");
    expect(await readOperatorFee(new Node(chain), ORACLE)).toEqual(NO_OPERATOR_FEE);
  });

  test("is not known where the node does not answer", async () => {
    const chain = new FakeChain();
    chain.answer("eth_call", () => {
      throw deadEndpoint();
    });
    await expect(readOperatorFee(new Node(chain), ORACLE)).rejects.toThrow("request timeout");
  });
});
