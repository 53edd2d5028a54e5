import { Contract, getCreateAddress, Interface, parseEther, toQuantity, Wallet, ZeroAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../faults/until.ts";
import { account, Depositor, derived, PORTAL } from "./depositor.ts";
import { type OpBed, openOpBed } from "./op-bed.ts";

const WETH = "0x4200000000000000000000000000000000000006";
const L1_BLOCK = "0x4200000000000000000000000000000000000015";
const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";

/** Code that fails at once: PUSH0 PUSH0 REVERT. */
const REVERTS = "0x5f5ffd";

/** Creation code of a contract with that code: it returns the last three bytes of a word of memory. */
const CREATES_REVERTING = "0x625f5ffd5f526003601df3";

let bed: OpBed;

beforeAll(async () => {
  bed = await openOpBed();
});

afterAll(() => bed.close());

const balance = (address: string, block?: string): Promise<bigint> =>
  bed.providers[2].getBalance(address, block);
const nonce = (address: string): Promise<number> => bed.providers[2].getTransactionCount(address);
const of = (index: number): Depositor => new Depositor(bed, account(index));
const ask = (method: string, ...params: unknown[]): Promise<unknown> => bed.providers[2].send(method, params);

describe("a deposit of ETH", () => {
  test("is found under the hash that clients reckon, as nodes of the field show deposits", async () => {
    const [to, mint, value] = [Wallet.createRandom().address, 9n, 5n];
    const { address } = account(1);
    const [before, sent] = [await balance(address), await nonce(address)];
    const receipt = await of(1).deposit({ to, value, mint });
    expect(receipt).toMatchObject({
      type: "0x7e",
      status: "0x1",
      from: address.toLowerCase(),
      to: to.toLowerCase(),
      gasUsed: toQuantity(21_000n),
      cumulativeGasUsed: receipt["gasUsed"],
      effectiveGasPrice: "0x0",
      l1Fee: "0x0",
      depositNonce: toQuantity(sent),
      depositReceiptVersion: "0x1",
      logs: [],
    });
    expect(await balance(to)).toBe(value);
    expect((await balance(address)) - before).toBe(mint - value);
    expect(await nonce(address)).toBe(sent + 1);
    const hash = receipt["transactionHash"];
    const shown = { hash, type: "0x7e", mint: "0x9", value: "0x5", gasPrice: "0x0", isSystemTx: false };
    expect(await ask("eth_getTransactionByHash", hash)).toMatchObject(shown);
  });

  test("is in its block, where gas has its price, and alone there", async () => {
    const receipt = await of(1).deposit({ to: Wallet.createRandom().address, value: 1n });
    const { transactionHash: hash, blockHash, blockNumber } = receipt;
    const block = (await ask("eth_getBlockByHash", blockHash, false)) as Record<string, unknown>;
    expect(block["transactions"]).toEqual([hash]);
    expect(BigInt(String(block["baseFeePerGas"]))).toBeGreaterThan(0n);
    const full = (await ask("eth_getBlockByNumber", blockNumber, true)) as { transactions: unknown[] };
    expect(full.transactions).toMatchObject([{ hash, type: "0x7e", transactionIndex: "0x0" }]);
    expect(await ask("eth_getBlockTransactionCountByNumber", blockNumber)).toBe("0x1");
    expect(await ask("eth_getTransactionByBlockHashAndIndex", blockHash, "0x0")).toMatchObject({ hash });
    expect(await ask("eth_getTransactionByBlockNumberAndIndex", blockNumber, "0x1")).toBeNull();
    expect(await ask("eth_getBlockReceipts", blockNumber)).toEqual([receipt]);
    const fees = (await ask("eth_feeHistory", "0x4", blockNumber, [])) as { baseFeePerGas: string[] };
    for (const fee of fees.baseFeePerGas) expect(BigInt(fee)).toBeGreaterThan(0n);
  });

  test("is there with its block, and not a block before", async () => {
    const to = Wallet.createRandom().address;
    const receipt = await of(1).deposit({ to, value: 3n });
    const at = Number(receipt["blockNumber"]);
    expect(await balance(to, toQuantity(at))).toBe(3n);
    expect(await balance(to, toQuantity(at - 1))).toBe(0n);
  });

  test("by which L2 learns of L1's block", async () => {
    const sent = await of(1).send({ to: Wallet.createRandom().address, value: 1n });
    const onL1 = await sent.wait();
    const [hash = ""] = await of(1).hashesOf(onL1);
    await derived(bed.providers[2], hash);
    const l1Block = new Contract(L1_BLOCK, ["function number() view returns (uint64)"], bed.providers[2]);
    const known: unknown = await l1Block.getFunction("number").staticCall();
    expect(BigInt(String(known))).toBeGreaterThanOrEqual(BigInt(onL1?.blockNumber ?? 0));
  });
});

describe("a deposit that fails", () => {
  test("as its call reverts, leaves the mint with its sender and moves the nonce", async () => {
    const { address } = account(2);
    const data = CREATES_REVERTING;
    const creation = await of(2).deposit({ to: ZeroAddress, isCreation: true, data });
    const created = String(creation["contractAddress"]);
    const [before, sent] = [await balance(address), await nonce(address)];
    const receipt = await of(2).deposit({ to: created, value: 7n });
    expect(receipt).toMatchObject({ status: "0x0", type: "0x7e", logs: [] });
    expect((await balance(address)) - before).toBe(7n);
    expect(await nonce(address)).toBe(sent + 1);
  });

  test("as its sender lacks the value, does the same, and has used all its gas", async () => {
    const { address } = account(2);
    const [before, sent] = [await balance(address), await nonce(address)];
    const receipt = await of(2).deposit({ to: account(3).address, value: 10n ** 30n, mint: 7n });
    expect(receipt).toMatchObject({ status: "0x0", gasUsed: toQuantity(100_000) });
    expect((await balance(address)) - before).toBe(7n);
    expect(await nonce(address)).toBe(sent + 1);
  });

  test("as its gas is below the floor of its data, does the same", async () => {
    const { address } = account(2);
    const before = await balance(address);
    const data = `0x${"ff".repeat(1000)}`;
    // What the portal asks for at least: 16 gas a byte. L2 wants 40 (EIP-7623).
    const receipt = await of(2).deposit({ to: account(3).address, value: 7n, gas: 37_000n, data });
    expect(receipt).toMatchObject({ status: "0x0", gasUsed: toQuantity(37_000) });
    expect((await balance(address)) - before).toBe(7n);
  });
});

describe("a deposit", () => {
  test("of a contract comes from its alias", async () => {
    const to = Wallet.createRandom().address;
    const multicall = new Interface([
      "function aggregate3Value((address target, bool allowFailure, uint256 value, bytes callData)[] calls) payable",
    ]);
    const one = (value: bigint) => ({
      target: bed.at("portal"),
      allowFailure: false,
      value,
      callData: PORTAL.encodeFunctionData("depositTransaction", [to, value, 100_000n, false, "0x"]),
    });
    const sent = await account(4)
      .connect(bed.providers[1])
      .sendTransaction({
        to: MULTICALL3,
        value: 30n,
        data: multicall.encodeFunctionData("aggregate3Value", [[one(10n), one(20n)]]),
        gasLimit: 3_000_000n,
      });
    const hashes = await of(4).hashesOf(await sent.wait());
    expect(hashes).toHaveLength(2);
    const alias = "0xdb22bde05977b3631167028862be2a173976db22";
    for (const hash of hashes) {
      expect(await derived(bed.providers[2], hash)).toMatchObject({ status: "0x1", from: alias });
    }
    expect(await balance(to)).toBe(30n);
    expect(await balance(alias)).toBe(0n);
  });

  test("creates a contract", async () => {
    const { address } = account(5);
    const created = getCreateAddress({ from: address, nonce: await nonce(address) });
    const data = CREATES_REVERTING;
    const receipt = await of(5).deposit({ to: ZeroAddress, isCreation: true, data });
    expect(receipt).toMatchObject({ status: "0x1", to: null, contractAddress: created.toLowerCase() });
    expect(await bed.providers[2].getCode(created)).toBe(REVERTS);
  });

  test("may call a contract with more than its sender had on L2", async () => {
    const poor = Wallet.createRandom();
    const gift = await account(6)
      .connect(bed.providers[1])
      .sendTransaction({ to: poor.address, value: parseEther("1") });
    await gift.wait();
    const own = new Depositor(bed, poor);
    const receipt = await own.deposit({ to: WETH, value: 40n, mint: 41n });
    expect(receipt).toMatchObject({ status: "0x1", depositNonce: "0x0" });
    const weth = new Contract(WETH, ["function balanceOf(address) view returns (uint256)"], bed.providers[2]);
    expect(await weth.getFunction("balanceOf").staticCall(poor.address)).toBe(40n);
    expect(await balance(poor.address)).toBe(1n);
    const [log] = receipt.logs;
    const { timestamp } = (await ask("eth_getBlockByHash", receipt["blockHash"], false)) as {
      timestamp: string;
    };
    expect(log).toMatchObject({
      transactionHash: receipt["transactionHash"],
      transactionIndex: receipt["transactionIndex"],
      blockTimestamp: timestamp,
    });
    expect(await ask("eth_getLogs", { address: WETH, blockHash: receipt["blockHash"] })).toEqual([log]);
  });

  test("of a sender comes after the one before it, in one block", async () => {
    const { address } = account(7);
    const [before, sent] = [await balance(address), await nonce(address)];
    const to = Wallet.createRandom().address;
    const first = await bed.providers[1].getTransactionCount(address);
    const [one, two] = await Promise.all([
      of(7).send({ to, value: 1n, mint: 100n }, first),
      of(7).send({ to: WETH, value: 2n, mint: 200n }, first + 1),
    ]);
    const [hash1 = ""] = await of(7).hashesOf(await one.wait());
    const [hash2 = ""] = await of(7).hashesOf(await two.wait());
    const receipts = [await derived(bed.providers[2], hash1), await derived(bed.providers[2], hash2)];
    expect(receipts).toMatchObject([
      { status: "0x1", depositNonce: toQuantity(sent) },
      { status: "0x1", depositNonce: toQuantity(sent + 1) },
    ]);
    expect((await balance(address)) - before).toBe(300n - 3n);
  });
});

describe("clients' own transactions", () => {
  test("that offer too little stay out of blocks in which gas costs nothing", async () => {
    const { address } = account(8);
    const cheap = await account(8).connect(bed.providers[2]).sendTransaction({
      to: address,
      value: 1n,
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      gasLimit: 21_000n,
    });
    await of(9).deposit({ to: Wallet.createRandom().address, value: 1n });
    expect(await bed.providers[2].getTransactionReceipt(cheap.hash)).toBeNull();
    expect(await ask("eth_getTransactionByHash", cheap.hash)).toMatchObject({ hash: cheap.hash });
    const replaced = await account(8)
      .connect(bed.providers[2])
      .sendTransaction({ to: address, value: 1n, nonce: cheap.nonce, gasLimit: 21_000n });
    expect((await replaced.wait())?.status).toBe(1);
  });

  test("whose nonces a deposit took are dropped", async () => {
    const wallet = account(10).connect(bed.providers[2]);
    const next = await nonce(wallet.address);
    const cheap = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, gasLimit: 21_000n };
    const waiting = await wallet.sendTransaction({ to: wallet.address, nonce: next, ...cheap });
    await of(10).deposit({ to: wallet.address, value: 1n });
    await until("it is dropped", async () =>
      (await ask("eth_getTransactionByHash", waiting.hash)) === null ? true : undefined,
    );
    expect(await nonce(wallet.address)).toBe(next + 1);
  });
});
