import { id, keccak256, toBeHex, toQuantity } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { LocalChain } from "../../../../fixtures/local-stack/chains.ts";
import { artifact } from "../../../../fixtures/local-stack/op-stack/artifacts.ts";
import { OwnState } from "../../../../fixtures/local-stack/op-stack/fork/own-state.ts";
import { MerkleTrie } from "../../../../fixtures/local-stack/merkle-trie.ts";
import { PREDEPLOYS } from "../../../../fixtures/local-stack/op-stack/predeploys.ts";
import { ChainState } from "../../../../fixtures/local-stack/op-stack/provable-state.ts";
import type { Ask } from "../../../../fixtures/local-stack/protocol-stack.ts";
import type { PerChain } from "../../../../stress/engine/base/chain.ts";
import { slotOf } from "../../../../stress/protocols/op-stack/withdrawals/withdrawal.ts";
import { openTwoChains } from "../two-chains.ts";
import { withdrawOn } from "../withdrawing.ts";

const PASSER = PREDEPLOYS.messagePasser;

/** Where the passer counts its messages, beside the mapping of those that were sent. */
const NONCE_SLOT = toBeHex(1, 32);

const answer = z.object({
  address: z.string(),
  codeHash: z.string(),
  storageHash: z.string(),
  storageProof: z.array(z.object({ key: z.string(), value: z.string(), proof: z.array(z.string()) })),
});

/** A chain that can prove its state, and the state of our own as if it could not. */
let chains: PerChain<LocalChain>;
let l2: LocalChain;
let state: OwnState;
let front: Ask;
let own: Ask;
let sender: string;

beforeAll(async () => {
  chains = await openTwoChains();
  l2 = chains[2];
  await l2.helpers.setCode(PASSER, artifact("L2ToL1MessagePasser").deployedBytecode);
  sender = (await l2.roleAccount("sender")).address;
  await l2.helpers.mine(1);
  const pin = await l2.helpers.time.latestBlock();
  state = new OwnState(l2, pin);
  own = (method, params) => l2.provider.request({ method, params });
  front = state.front(own);
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

/** Mines a block with so many withdrawals. @returns their hashes */
const withdraw = (count: number): Promise<readonly string[]> => withdrawOn(l2, sender, state.service, count);

const proofOf = async (keys: readonly string[], block: unknown, ask = front) =>
  answer.parse(await ask("eth_getProof", [PASSER, keys, block]));

test("what was sent is proved as the chain proves it, by block", async () => {
  const sent: string[] = [];
  for (const count of [1, 0, 3]) {
    sent.push(...(await withdraw(count)));
    const block = await l2.helpers.time.latestBlock();
    expect(sent).toHaveLength(count === 3 ? 4 : 1);
    // The passer's count of messages is in the chain's own trie, too.
    const whole = state.service.at(block).with(keccak256(NONCE_SLOT), toBeHex(sent.length, 1));
    const slots = sent.map(slotOf);
    const [ours, chainsOwn] = [await proofOf(slots, toQuantity(block)), await proofOf(slots, "latest", own)];
    expect(whole.root).toBe(chainsOwn.storageHash);
    expect(slots.map((slot) => whole.proof(keccak256(slot)))).toEqual(
      chainsOwn.storageProof.map(({ proof }) => proof),
    );
    expect(ours.storageHash).toBe(state.service.at(block).root);
    expect(ours.storageProof.map(({ proof }) => keccak256(proof[0] ?? "0x"))).toEqual(
      slots.map(() => ours.storageHash),
    );
    expect(ours.storageProof.map(({ value }) => value)).toEqual(slots.map(() => "0x1"));
    expect(ours.codeHash).toBe(chainsOwn.codeHash);
  }
  const block = await l2.helpers.time.latestBlock();
  expect(state.service.at(block - 1).root).not.toBe(state.service.at(block).root);
  expect((await proofOf([], toQuantity(block - 1))).storageHash).toBe(state.service.at(block - 1).root);
});

test("a block is named by number, tag or hash", async () => {
  await withdraw(1);
  const block = await l2.helpers.time.latestBlock();
  const hash = (await l2.ethers.getBlock(block))?.hash;
  const { root } = state.service.at(block);
  for (const name of [toQuantity(block), "latest", "pending", { blockHash: hash }, hash, undefined])
    expect((await proofOf([], name)).storageHash).toBe(root);
  await expect(proofOf([], toQuantity(block + 7))).rejects.toThrow(
    `eth_getProof: there is no block ${toQuantity(block + 7)}`,
  );
});

test("what was never sent is proved not to be there", async () => {
  const [hash = ""] = await withdraw(1);
  const { storageProof } = await proofOf([slotOf(hash), slotOf(id("never"))], "latest");
  expect(storageProof.map(({ value }) => value)).toEqual(["0x1", "0x0"]);
  expect(storageProof[1]?.proof[0]).toBe(storageProof[0]?.proof[0]);
});

test("blocks of before the fork and other accounts are the chain's to prove", async () => {
  const asked: unknown[] = [];
  const seeing = state.front(async (method, params) => {
    if (method !== "eth_getProof") return own(method, params);
    asked.push(params);
    return "the chain's own";
  });
  for (const params of [
    [PASSER, [], "0x0"],
    [sender, [], "latest"],
  ])
    expect(await seeing("eth_getProof", params)).toBe("the chain's own");
  expect(asked).toHaveLength(2);
});

test("what a reorganisation takes back was not sent", async () => {
  await withdraw(1);
  const before = await l2.helpers.time.latestBlock();
  const { root } = state.service.at(before);
  const restore = await state.service.snapshot();
  const [gone = ""] = await withdraw(2);
  expect(state.service.at(before + 1).root).not.toBe(root);
  restore();
  expect(state.service.at(before + 1).root).toBe(root);
  expect(state.service.at(before + 1).value(keccak256(slotOf(gone)))).toBeUndefined();
});

test("what is claimed of a block is of our own storage, and all else the chain's", async () => {
  const block = await l2.helpers.time.latestBlock();
  const [ours, chainsOwn] = [await state.claimOf(block), await new ChainState(l2).claimOf(block)];
  expect(ours.claim).toEqual({ ...chainsOwn.claim, outputRoot: ours.claim.outputRoot });
  expect(ours.isEdited).toBe(false);
  expect(state.service.at(0)).toBe(MerkleTrie.EMPTY);
});
