import { keccak256, toBeHex } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LargeAccount, provenAccount } from "../../fixtures/local-stack/account-proof.ts";
import type { LocalChain } from "../../fixtures/local-stack/chains.ts";
import { PASSER as OP_PASSER } from "../../fixtures/local-stack/op-stack/passer-proofs.ts";
import { PASSER as OVM_PASSER } from "../../fixtures/local-stack/ovm2/proofs.ts";
import type { Ask } from "../../fixtures/local-stack/protocol-stack.ts";
import type { PerChain } from "../../stress/engine/base/chain.ts";
import { openTwoChains } from "./op-stack/two-chains.ts";

const LARGE = [OVM_PASSER, OP_PASSER];

let chains: PerChain<LocalChain>;
/** Whose proofs the chain was asked for. */
const asked: unknown[] = [];
const ask: Ask = (method, params) => {
  asked.push(params[0]);
  return chains[2].provider.request({ method, params });
};

beforeAll(async () => {
  chains = await openTwoChains();
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

/** That an account is proved as the chain proves it. @returns whom the chain was asked for */
async function isTheChains(account: LargeAccount): Promise<readonly unknown[]> {
  const block = await chains[2].helpers.time.latestBlock();
  const [own] = [await ask("eth_getProof", [account.address, [], "latest"])];
  asked.length = 0;
  expect(own).toMatchObject(await provenAccount(ask, account, block));
  return asked;
}

test("an account beside which nobody is is proved by that, among few accounts and among many", async () => {
  const { helpers } = chains[2];
  for (const { address, beside } of LARGE) {
    expect(keccak256(beside).slice(0, 7)).toBe(keccak256(address).slice(0, 7));
    await helpers.setBalance(address, 7);
    await helpers.setNonce(address, 3);
    await helpers.setStorageAt(address, toBeHex(1, 32), 1);
  }
  for (const accounts of [0, 1, 40, 700]) {
    for (let at = 0; at < accounts; at++)
      await helpers.setBalance(toBeHex(0x7e57_0000 + 1000 * accounts + at, 20), 1);
    await helpers.mine(1);
    for (const large of LARGE) expect(await isTheChains(large)).toEqual([large.beside]);
  }
});

test("one beside whose place another account is is asked for itself", async () => {
  const address = toBeHex(0x7e57, 20);
  const beside = toBeHex(0x7e58, 20);
  expect(await isTheChains({ address, beside })).toEqual([beside, address]);
});

test("one that is not there is proved not to be", async () => {
  const [l1, whom]: [LocalChain, unknown[]] = [chains[1], []];
  const seen: Ask = (method, params) => {
    whom.push(params[0]);
    return l1.provider.request({ method, params });
  };
  const block = await l1.helpers.time.latestBlock();
  for (const large of LARGE) {
    const { address, beside } = large;
    whom.length = 0;
    const own = await l1.provider.request({ method: "eth_getProof", params: [address, [], "latest"] });
    expect(own).toMatchObject(await provenAccount(seen, large, block));
    expect(whom).toEqual([beside, address]);
  }
});
