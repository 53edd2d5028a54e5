import { ZeroAddress } from "ethers";
import { expect, test } from "vitest";
import { Node } from "../../../stress/engine/rpc/index.ts";
import { PoolFunds } from "../../../stress/protocols/ovm2/funds.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { answering } from "../../fakes/pool-views.ts";

const STAKER = addressOf(42);

/**
 * Gives back an account's stake in the L2 pool; these are left of it after each attempt at it, which fails where nothing changes.
 *
 * @returns what was sent, by code
 */
async function giveBack(first: bigint, ...after: readonly bigint[]): Promise<readonly string[]> {
  const views = {
    userInfo: [first, 0n, 0n],
    poolInfo: [ZeroAddress, ZeroAddress, 1000n, 0n, 0n, 0n, 0n, 0n],
  };
  const node = new Node(answering(views));
  const nodes = { 1: node, 2: node };
  const funds = new PoolFunds({ nodes, contracts, exitFee: undefined, poolMinimum: 0n, feeFor: () => 1n });
  const sent: string[] = [];
  const staker = {
    address: STAKER,
    provideGas: async () => undefined,
    send: async (_: unknown, code: string) => {
      const left = after[sent.push(code) - 1] ?? first;
      views.userInfo = [left, 0n, 0n];
      return false;
    },
  };
  const [share] = funds.givingBack(2);
  const unused = (): Promise<never> => Promise.reject(new Error("a stake is its account's own to take"));
  const funder = { amount: () => 0n, address: addressOf(1), send: unused, cross: unused };
  await share?.(staker, funder);
  return sent;
}

test("a stake that the account's own earlier withdrawal took meanwhile, mined again after a reorganisation, is back", async () => {
  expect(await giveBack(100n, 0n)).toEqual(["RL"]);
});

test("a stake that another attempt takes is back", async () => {
  expect(await giveBack(100n, 100n, 40n, 0n)).toEqual(["RL", "RL", "RL"]);
});

test("a stake that stays whatever is tried is told", async () => {
  await expect(giveBack(100n)).rejects.toThrow("the stake could not be taken out of the pool");
});
