import { describe, expect, test } from "vitest";
import { AwaitedTransactions } from "../../../stress/engine/chain/awaited.ts";
import type { BlockFacts } from "../../../stress/engine/chain/block-by-receipts.ts";
import { LateReceipts } from "../../../stress/engine/chain/late-receipts.ts";
import type { Receipt, TxHash } from "../../../stress/engine/rpc/index.ts";

const HASH = `0x${"ab".repeat(32)}` as TxHash;
const BLOCK_HASH = `0x${"01".repeat(32)}`;

const receipt = { hash: HASH, blockNumber: 1, blockHash: BLOCK_HASH } as unknown as Receipt;

/** Block 1 with the transaction, read with its receipt or without. */
const blockWith = (receipts: readonly Receipt[]): BlockFacts =>
  ({ block: { number: 1, hash: BLOCK_HASH, transactions: [HASH] }, receipts }) as unknown as BlockFacts;

const nextBlock = { block: { number: 2, transactions: [] }, receipts: [] } as unknown as BlockFacts;

/** Late receipts of a chain that has the transaction in block 1, and is read up to a block. */
function late() {
  const awaited = new AwaitedTransactions();
  const read = { to: 0, hash: BLOCK_HASH };
  const arrivals = {
    blockOf: () => (read.to >= 1 ? 1 : undefined),
    hashOf: () => read.hash,
  };
  const receipts = new LateReceipts({ receipt: async () => receipt }, arrivals, awaited);
  return { awaited, read, receipts };
}

describe("an awaited transaction's receipt", () => {
  test("is told belatedly, once, where its block was read before", async () => {
    const { awaited, read, receipts } = late();
    expect(receipts.take(blockWith([]))).toEqual([]);
    read.to = 1;
    awaited.add(HASH);
    await receipts.look();
    expect(receipts.take(nextBlock)).toEqual([receipt]);
    await receipts.look();
    expect(receipts.take(nextBlock)).toEqual([]);
  });

  test("is told belatedly where it became known while its block was read", async () => {
    const { awaited, read, receipts } = late();
    awaited.add(HASH);
    await receipts.look();
    expect(receipts.take(blockWith([]))).toEqual([]);
    read.to = 1;
    await receipts.look();
    expect(receipts.take(nextBlock)).toEqual([receipt]);
  });

  test("is not told again where its block was read with it, though it was looked for only then", async () => {
    const { awaited, read, receipts } = late();
    awaited.add(HASH);
    expect(receipts.take(blockWith([receipt]))).toEqual([]);
    read.to = 1;
    await receipts.look();
    expect(receipts.take(nextBlock)).toEqual([]);
  });

  test("is not told again where it was looked for in a block that is gone, and came with the one in its place", async () => {
    const { awaited, read, receipts } = late();
    const other = `0x${"02".repeat(32)}`;
    // Block 1 of the branch that is gone was read without it.
    read.to = 1;
    read.hash = other;
    awaited.add(HASH);
    await receipts.look();
    receipts.rollBack(0);
    expect(receipts.take(blockWith([receipt]))).toEqual([]);
    read.hash = BLOCK_HASH;
    await receipts.look();
    expect(receipts.take(nextBlock)).toEqual([]);
  });

  test("is not told again where it was found and not told yet when its block is read once more", async () => {
    const { awaited, read, receipts } = late();
    read.to = 1;
    awaited.add(HASH);
    await receipts.look();
    expect(receipts.take(blockWith([receipt]))).toEqual([]);
    expect(receipts.take(nextBlock)).toEqual([]);
  });
});
