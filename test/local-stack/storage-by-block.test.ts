import { toBeHex } from "ethers";
import { expect, test } from "vitest";
import { MerkleTrie } from "../../fixtures/local-stack/merkle-trie.ts";
import { SENT, StorageByBlock, type Written } from "../../fixtures/local-stack/storage-by-block.ts";

const sent = (...slots: readonly number[]): Written[] => slots.map((slot) => [toBeHex(slot, 32), SENT]);

/** The root of a storage with these slots, whichever wrote them. */
function rootOf(...slots: readonly number[]): string {
  const storage = new StorageByBlock();
  storage.write(1, sent(...slots));
  return storage.at(1).root;
}

test("each block has what it and those before it wrote", () => {
  const storage = new StorageByBlock();
  storage.write(3, sent(1, 2));
  storage.write(4, []);
  storage.write(6, sent(3));
  expect(storage.at(2)).toBe(MerkleTrie.EMPTY);
  expect([3, 4, 5].map((block) => storage.at(block).root)).toEqual([3, 4, 5].map(() => rootOf(1, 2)));
  expect(storage.at(6).root).toBe(rootOf(3, 2, 1));
});

test("a block that is told again takes the place of itself, and of all that came after it", () => {
  const storage = new StorageByBlock();
  storage.write(3, sent(1));
  storage.write(4, sent(2));
  storage.write(5, sent(3));
  storage.write(4, []);
  expect(storage.at(5).root).toBe(rootOf(1));
  storage.write(4, sent(4));
  expect(storage.at(9).root).toBe(rootOf(1, 4));
  storage.forgetFrom(3);
  expect(storage.at(9)).toBe(MerkleTrie.EMPTY);
});

test("a slot has what was written last", () => {
  const storage = new StorageByBlock();
  storage.write(1, [[toBeHex(1, 32), "0x07"]]);
  storage.write(2, sent(1));
  expect(storage.at(2).root).toBe(rootOf(1));
});

test("no more blocks are remembered than are wanted", () => {
  const storage = new StorageByBlock(2);
  for (const block of [1, 2, 3]) storage.write(block, sent(block));
  expect(storage.at(1)).toBe(MerkleTrie.EMPTY);
  expect([storage.at(2).root, storage.at(3).root]).toEqual([rootOf(1, 2), rootOf(1, 2, 3)]);
});
