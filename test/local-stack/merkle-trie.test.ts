import * as fc from "fast-check";
import { keccak256, toBeHex } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { LocalChain } from "../../fixtures/local-stack/chains.ts";
import { MerkleTrie } from "../../fixtures/local-stack/merkle-trie.ts";
import type { PerChain } from "../../stress/engine/base/chain.ts";
import { openTwoChains } from "./op-stack/two-chains.ts";

const proven = z.object({
  storageHash: z.string(),
  storageProof: z.array(z.object({ value: z.string(), proof: z.array(z.string()) })),
});

/** RLP of the number 1, which contracts write for `true`. */
const TRUE = "0x01";

/** Slots whose hashes begin with the same nine digits: their leaves are so short that they stand in their branch. */
const ALIKE = [247_476, 515_151];

let chains: PerChain<LocalChain>;
let accounts = 0;

beforeAll(async () => {
  chains = await openTwoChains();
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

const slotOf = (number: number): string => toBeHex(number, 32);

const trieOf = (slots: readonly number[]): MerkleTrie =>
  slots.reduce((trie, slot) => trie.with(keccak256(slotOf(slot)), TRUE), MerkleTrie.EMPTY);

/** What a real chain says of an account that has 1 in these slots. */
async function chainsOwn(slots: readonly number[], asked: readonly number[]) {
  const { helpers, provider } = chains[1];
  const account = toBeHex(0x7e57_0000 + accounts++, 20);
  // An account without code and balance would be taken for none.
  await helpers.setBalance(account, 1);
  for (const slot of slots) await helpers.setStorageAt(account, slotOf(slot), 1);
  const params = [account, asked.map(slotOf), "latest"];
  return proven.parse(await provider.request({ method: "eth_getProof", params }));
}

/** That root and proofs of what is there, and of what is not, are the chain's own. */
async function isAsTheChains(slots: readonly number[], asked: readonly number[]): Promise<void> {
  const trie = trieOf(slots);
  const { storageHash, storageProof } = await chainsOwn(slots, asked);
  expect(trie.root).toBe(storageHash);
  expect(asked.map((slot) => trie.proof(keccak256(slotOf(slot))))).toEqual(
    storageProof.map(({ proof }) => proof),
  );
  const values = asked.map((slot) => (trie.value(keccak256(slotOf(slot))) === TRUE ? "0x1" : "0x0"));
  expect(values).toEqual(storageProof.map(({ value }) => value));
}

describe("a trie of our own has the roots and proofs of a real chain", () => {
  test("with nothing in it", async () => {
    expect(MerkleTrie.EMPTY.root).toBe((await chainsOwn([], [])).storageHash);
    expect(MerkleTrie.EMPTY.proof(keccak256(slotOf(1)))).toEqual([]);
  });

  test("whatever is in it, and whatever is asked for", async () => {
    const slot = fc.nat({ max: 400 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(slot, { maxLength: 60 }),
        fc.array(slot, { maxLength: 4 }),
        isAsTheChains,
      ),
      { numRuns: 25, seed: 7 },
    );
  });

  test("with leaves that are shorter than a hash", () => isAsTheChains([...ALIKE, 5], [...ALIKE, 5, 6]));
});

test("a trie is as it was, whatever was added since, in whatever order", () => {
  const before = trieOf([1, 2, 3]);
  const { root } = before;
  expect(before.with(keccak256(slotOf(4)), TRUE).root).toBe(trieOf([4, 3, 2, 1]).root);
  expect(before.root).toBe(root);
  expect(before.with(keccak256(slotOf(2)), TRUE).root).toBe(root);
  expect(before.with(keccak256(slotOf(2)), "0x02").root).not.toBe(root);
});

test("a key of another length is refused", () => {
  expect(() => MerkleTrie.EMPTY.with("0x01", TRUE)).toThrow("a key of this trie has 32 bytes: 0x01");
});
