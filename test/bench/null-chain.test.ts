import { Wallet } from "ethers";
import { expect, test } from "vitest";
import { NullChain } from "../../bench/null-chain/null-chain.ts";

const SENDER = new Wallet(`0x${"11".repeat(32)}`);
const RECEIVER = `0x${"22".repeat(20)}`;

/** Everybody has 10 ETH and has sent nothing. */
const upstream = async (method: string): Promise<string> =>
  method === "eth_getBalance" ? "0x8ac7230489e80000" : "0x0";

const transfer = (nonce: number, value = 1n): Promise<string> =>
  SENDER.signTransaction({
    chainId: 1,
    type: 2,
    nonce,
    to: RECEIVER,
    value,
    gasLimit: 21_000n,
    maxFeePerGas: 2_000_000_000n,
    maxPriorityFeePerGas: 0n,
  });

async function sent(chain: NullChain, nonces: readonly number[]): Promise<void> {
  for (const nonce of nonces) await chain.answer("eth_sendRawTransaction", [await transfer(nonce)]);
}

const count = (chain: NullChain, tag: string): Promise<unknown> =>
  chain.answer("eth_getTransactionCount", [SENDER.address, tag]);

test("includes what came before a lower nonce once that has come, in their order", async () => {
  const chain = await NullChain.on(upstream);
  await sent(chain, [2, 0]);
  expect(await count(chain, "pending")).toBe("0x1");
  chain.mine();
  expect(await count(chain, "latest")).toBe("0x1");
  await sent(chain, [1]);
  expect(await count(chain, "pending")).toBe("0x3");
  chain.mine();
  const block = (await chain.answer("eth_getBlockByNumber", ["latest", false])) as { transactions: string[] };
  const receipts = await Promise.all(
    block.transactions.map((hash) => chain.answer("eth_getTransactionReceipt", [hash])),
  );
  expect(receipts).toHaveLength(2);
  expect(await count(chain, "latest")).toBe("0x3");
});

test("refuses a nonce that is used, one that waits already, and what nobody can pay", async () => {
  const chain = await NullChain.on(upstream);
  await sent(chain, [0, 2]);
  await expect(sent(chain, [0])).rejects.toThrow("already known");
  const other = async (nonce: number, value: bigint) =>
    chain.answer("eth_sendRawTransaction", [await transfer(nonce, value)]);
  await expect(other(0, 2n)).rejects.toThrow("nonce too low");
  await expect(other(2, 2n)).rejects.toThrow("replacement transaction underpriced");
  await expect(other(1, 10n ** 19n)).rejects.toThrow("insufficient funds");
});
