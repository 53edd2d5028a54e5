import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  costOf,
  MalformedAnswer,
  parseBlock,
  parseLog,
  parseReceipt,
  quantity,
  type ReadFees,
} from "../../../stress/engine/rpc/index.ts";
import { hashOf } from "../../fakes/chain.ts";
import { runs } from "../../fakes/property.ts";

const log = {
  address: "0xAB00000000000000000000000000000000000000",
  topics: ["0x01", "0x02"],
  data: "0x",
  blockNumber: "0x10",
  transactionHash: hashOf("a"),
  logIndex: "0x3",
};

const receipt = {
  transactionHash: hashOf("a"),
  blockNumber: "0x10",
  blockHash: "0xb10c",
  status: "0x1",
  gasUsed: "0x5208",
  effectiveGasPrice: "0x2",
  logs: [log],
};

const block = {
  number: "0x10",
  hash: "0xb10c",
  parentHash: "0xb10b",
  baseFeePerGas: "0x7",
  transactions: [hashOf("a")],
};

describe("a receipt", () => {
  test("tells status, gas and fees", () => {
    expect(parseReceipt(receipt)).toMatchObject({
      hash: hashOf("a"),
      blockNumber: 16,
      blockHash: "0xb10c",
      succeeded: true,
      gasUsed: 21_000n,
      gasFee: 42_000n,
      fees: [],
    });
  });

  test("of null is of a transaction that is not mined", () => {
    expect(parseReceipt(null)).toBeUndefined();
  });

  test("with status 0 is of a transaction that failed", () => {
    expect(parseReceipt({ ...receipt, status: "0x0" })?.succeeded).toBe(false);
  });

  test("of a rollup tells what is charged beside the gas, as the protocol reads it from the receipt", () => {
    const readFees: ReadFees = (raw) => [
      { cause: "data", wei: quantity(raw["l1Fee"]) },
      { cause: "nothing", wei: 0n },
    ];
    const read = parseReceipt({ ...receipt, l1Fee: "0x64" }, readFees);
    expect(read?.fees).toEqual([{ cause: "data", wei: 100n }]);
    expect(read && costOf(read)).toBe(42_100n);
  });

  test("without events is there only where its own bloom has none either", () => {
    const bloom = (digits: string): string => `0x${"0".repeat(400)}${digits}${"0".repeat(111)}`;
    const bare = { ...receipt, logs: [] };
    expect(() => parseReceipt({ ...bare, logsBloom: bloom("8") })).toThrow(MalformedAnswer);
    for (const logsBloom of [bloom("0"), "0x", null, undefined])
      expect(parseReceipt({ ...bare, logsBloom })?.logs).toEqual([]);
  });

  test("of an old node has its price under another name", () => {
    const { effectiveGasPrice: _, ...old } = receipt;
    expect(parseReceipt({ ...old, gasPrice: "0x3" })?.gasFee).toBe(63_000n);
  });

  test.each([
    "transactionHash",
    "blockNumber",
    "blockHash",
    "status",
    "gasUsed",
    "effectiveGasPrice",
    "logs",
  ])("without %s is malformed", (name) => {
    expect(() => parseReceipt({ ...receipt, [name]: undefined })).toThrow(MalformedAnswer);
  });
});

describe("a log", () => {
  test("has its address in lower case and its numbers as numbers", () => {
    expect(parseLog(log)).toEqual({
      ...log,
      address: "0xab00000000000000000000000000000000000000",
      blockNumber: 16,
      logIndex: 3,
    });
  });

  test.each(Object.keys(log))("without %s is malformed", (name) => {
    expect(() => parseLog({ ...log, [name]: undefined })).toThrow(MalformedAnswer);
  });
});

describe("a header's word on whether its block has receipts", () => {
  const EMPTY = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
  const ROOT = `0x${"ab".repeat(32)}`;
  const ZERO = `0x${"00".repeat(32)}`;

  test.each([
    [{ gasUsed: "0x5208", receiptsRoot: ROOT }, true],
    [{ gasUsed: "0x0", receiptsRoot: EMPTY }, false],
    [{ gasUsed: "0x5208", receiptsRoot: EMPTY }, false],
    [{ gasUsed: "0x0", receiptsRoot: ROOT }, false],
    [{ gasUsed: "0x5208", receiptsRoot: ZERO }, undefined],
    [{ gasUsed: "0x5208" }, undefined],
    [{ receiptsRoot: ROOT }, undefined],
    [{ gasUsed: null, receiptsRoot: null }, undefined],
  ])("%j: %s", (fields, expected) => {
    expect(
      parseBlock({ ...block, gasUsed: undefined, receiptsRoot: undefined, ...fields })?.hasReceipts,
    ).toBe(expected);
  });
});

describe("a block", () => {
  test("tells number, hashes, base fee and transactions", () => {
    expect(parseBlock(block)).toEqual({
      number: 16,
      hash: "0xb10c",
      parentHash: "0xb10b",
      baseFee: 7n,
      transactions: [hashOf("a")],
    });
  });

  test("of null is not there yet", () => {
    expect(parseBlock(null)).toBeUndefined();
  });

  test("of a chain without EIP-1559 has no base fee", () => {
    const { baseFeePerGas: _, ...legacy } = block;
    expect(parseBlock(legacy)?.baseFee).toBeUndefined();
  });

  test.each(["number", "hash", "parentHash", "transactions"])("without %s is malformed", (name) => {
    expect(() => parseBlock({ ...block, [name]: undefined })).toThrow(MalformedAnswer);
  });
});

describe("a quantity", () => {
  test("of any size comes back as it was written", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n }), (value) => {
        expect(quantity(`0x${value.toString(16)}`)).toBe(value);
      }),
      runs(),
    );
  });

  test.each<[unknown]>([[undefined], [null], [1], [""], ["0x"], ["1"], ["0xzz"], [{}]])(
    "is not %o",
    (value) => {
      expect(() => quantity(value)).toThrow(MalformedAnswer);
    },
  );
});

test("whatever a node answers is read or malformed, and nothing else is thrown", () => {
  const read = (parse: (value: unknown) => unknown, value: unknown): void => {
    try {
      parse(value);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
    }
  };
  const field = fc.constantFrom(...Object.keys({ ...log, ...receipt, ...block }));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(field, fc.jsonValue())), (value) => {
      for (const parse of [parseReceipt, parseBlock, parseLog]) {
        read(parse, value);
        if (typeof value === "object") read(parse, { ...receipt, ...block, ...log, ...value });
      }
    }),
    runs(500),
  );
});
