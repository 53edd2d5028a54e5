import { ZeroAddress } from "ethers";
import { describe, expect, test } from "vitest";
import { Node } from "../../../stress/engine/rpc/index.ts";
import { readExitFee } from "../../../stress/protocols/ovm2/exit-fee.ts";
import { poolShare } from "../../../stress/protocols/ovm2/pool-share.ts";
import { FakeChain, nodeError } from "../../fakes/chain.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { answering, type Views } from "../../fakes/pool-views.ts";

const [BILLING, TOKEN, OWNER] = [addressOf(40), addressOf(41), addressOf(42)];

describe("an account's part of a pool", () => {
  const PER_SHARE = 10n ** 12n;
  const info = (deposits: bigint, shared: bigint, earned: bigint, perShare: bigint) => [
    ZeroAddress,
    ZeroAddress,
    deposits,
    shared,
    earned,
    perShare,
    0n,
    0n,
  ];
  const read = (views: Views) => {
    const node = new Node(answering(views));
    return poolShare({ nodes: { 1: node, 2: node }, contracts }, 2, OWNER);
  };

  test("has its stake, and no reward where the pool earned nothing", async () => {
    expect(await read({ userInfo: [100n, 0n, 0n], poolInfo: info(1000n, 0n, 0n, 0n) })).toEqual({
      stake: 100n,
      reward: 0n,
    });
  });

  test("has its part of what the pool earned since it last shared out", async () => {
    expect(await read({ userInfo: [100n, 0n, 0n], poolInfo: info(1000n, 0n, 50n, 0n) })).toMatchObject({
      reward: 5n,
    });
  });

  test("has what is pending and what was shared out, less what it had already", async () => {
    const views = { userInfo: [100n, 30n, 7n], poolInfo: info(1000n, 50n, 50n, PER_SHARE / 2n) };
    expect(await read(views)).toMatchObject({ reward: 7n + 50n - 30n });
  });

  test("is nothing in an empty pool", async () => {
    expect(await read({ userInfo: [0n, 0n, 0n], poolInfo: info(0n, 0n, 0n, 0n) })).toEqual({
      stake: 0n,
      reward: 0n,
    });
  });
});

describe("the exit fee of the L2 pool", () => {
  const fee = (views: Views) => readExitFee(new Node(answering(views)), contracts);

  test("is what its billing contract says", async () => {
    const views = { billingContractAddress: [BILLING], exitFee: [10n], feeTokenAddress: [TOKEN] };
    expect(await fee(views)).toEqual({ token: TOKEN, amount: 10n });
  });

  test("is none where there is no billing contract", async () => {
    expect(await fee({ billingContractAddress: [ZeroAddress] })).toBeUndefined();
  });

  test("is none where the billing contract asks for 0", async () => {
    const views = { billingContractAddress: [BILLING], exitFee: [0n], feeTokenAddress: [TOKEN] };
    expect(await fee(views)).toBeUndefined();
  });

  test("is none of a pool from before there were fees, which reverts", async () => {
    expect(await fee({})).toBeUndefined();
  });

  test("is not taken for none where the endpoint fails", async () => {
    const chain = new FakeChain();
    chain.answer("eth_call", () => {
      throw nodeError("too many requests");
    });
    await expect(readExitFee(new Node(chain), contracts)).rejects.toThrow();
  });
});
