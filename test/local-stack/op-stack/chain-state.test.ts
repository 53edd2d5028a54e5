import { toBeHex, toQuantity } from "ethers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { LocalChain } from "../../../fixtures/local-stack/chains.ts";
import { artifact } from "../../../fixtures/local-stack/op-stack/artifacts.ts";
import { PREDEPLOYS } from "../../../fixtures/local-stack/op-stack/predeploys.ts";
import { ChainState, outputRootOf } from "../../../fixtures/local-stack/op-stack/provable-state.ts";
import type { Ask } from "../../../fixtures/local-stack/protocol-stack.ts";
import type { PerChain } from "../../../stress/engine/base/chain.ts";
import { slotOf } from "../../../stress/protocols/op-stack/withdrawals/withdrawal.ts";
import { openTwoChains } from "./two-chains.ts";
import { withdrawOn } from "./withdrawing.ts";

const PASSER = PREDEPLOYS.messagePasser;

/** Where the passer counts its messages, and one that it never writes. */
const COUNT = toBeHex(1, 32);
const NEVER = toBeHex(77, 32);

const header = z.object({ stateRoot: z.string(), hash: z.string() });

let chains: PerChain<LocalChain>;
let l2: LocalChain;
let state: ChainState;
let own: Ask;
/** Keys of slots of the passer's that the chain itself was asked to prove, or that it was asked to prove the passer itself. */
let keys: unknown[];
let front: Ask;
let sender: string;

beforeAll(async () => {
  chains = await openTwoChains();
  l2 = chains[2];
  await l2.helpers.setCode(PASSER, artifact("L2ToL1MessagePasser").deployedBytecode);
  sender = (await l2.roleAccount("sender")).address;
  own = (method, params) => l2.provider.request({ method, params });
  state = new ChainState(l2);
  front = state.front((method, params) => {
    if (method === "eth_getProof" && params[0] === PASSER) keys.push(params[1]);
    return own(method, params);
  });
});

beforeEach(() => {
  keys = [];
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

/** Mines a block with so many withdrawals. @returns where the passer keeps them */
const withdraw = async (count: number): Promise<readonly string[]> =>
  (await withdrawOn(l2, sender, state.service, count)).map(slotOf);

/** That an answer is what the chain itself would say. */
async function isTheChains(slots: readonly string[], block: number): Promise<void> {
  const params = [PASSER, slots, toQuantity(block)];
  expect(await front("eth_getProof", params)).toEqual(await own("eth_getProof", params));
}

test("the passer's slots are proved as the chain does it, and without the chain's going through them", async () => {
  const sent: string[] = [];
  const blocks: number[] = [];
  for (const count of [1, 3, 150]) {
    sent.push(...(await withdraw(count)));
    blocks.push(await l2.helpers.time.latestBlock());
  }
  expect(sent).toHaveLength(154);
  for (const block of blocks) await isTheChains([sent[0] ?? "", sent[3] ?? "", COUNT, NEVER], block);
  await isTheChains(sent, blocks.at(-1) ?? 0);
  await isTheChains([], blocks.at(-1) ?? 0);
  expect(keys).toEqual([]);
});

test("a block is claimed as the chain proves it, without the chain's going through the passer's slots", async () => {
  await withdraw(2);
  const block = await l2.helpers.time.latestBlock();
  const { stateRoot, hash } = header.parse(await own("eth_getBlockByNumber", [toQuantity(block), false]));
  const proof = await own("eth_getProof", [PASSER, [], toQuantity(block)]);
  const { storageHash } = z.object({ storageHash: z.string() }).parse(proof);
  const { claim, isEdited } = await state.claimOf(block);
  expect(claim.outputRoot).toBe(outputRootOf({ stateRoot, hash }, storageHash));
  expect(isEdited).toBe(false);
});

test("a reorganisation takes slots back", async () => {
  await withdraw(1);
  const taken = await l2.helpers.takeSnapshot();
  const restore = await state.service.snapshot();
  const gone = await withdraw(2);
  await taken.restore();
  restore();
  const [now = ""] = await withdraw(1);
  await isTheChains([now, ...gone], await l2.helpers.time.latestBlock());
  expect(keys).toEqual([]);
});

test("what somebody wrote by hand is the chain's to prove", async () => {
  const [sent = ""] = await withdraw(1);
  await l2.helpers.setStorageAt(PASSER, NEVER, 5);
  await l2.helpers.mine(1);
  await isTheChains([sent, NEVER], await l2.helpers.time.latestBlock());
  expect(keys).toEqual([[sent, NEVER]]);
});

test("what is asked of other accounts, and other questions, are the chain's", async () => {
  for (const [method, params] of [
    ["eth_getProof", [sender, [NEVER], "latest"]],
    ["eth_getBalance", [PASSER, "latest"]],
  ] as const)
    expect(await front(method, params)).toEqual(await own(method, params));
});
