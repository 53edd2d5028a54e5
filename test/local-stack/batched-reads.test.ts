import { afterAll, expect, test, vi } from "vitest";
import { batchedReads } from "../../fixtures/local-stack/batched-reads.ts";
import { startChains } from "../../fixtures/local-stack/chains.ts";
import { mineBlock } from "../../fixtures/local-stack/mine.ts";

const chains = await startChains({});
const [chain] = [chains[2]];
afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

/** Sends so many transfers of the chain's first account, and has them mined. */
async function transfers(count: number): Promise<readonly string[]> {
  const [from] = (await chain.provider.request({ method: "eth_accounts" })) as string[];
  const hashes: string[] = [];
  for (let sent = 0; sent < count; sent++) {
    const params = [{ from, to: from, gas: "0x5208" }];
    hashes.push(String(await chain.provider.request({ method: "eth_sendTransaction", params })));
  }
  await mineBlock(chain);
  return hashes;
}

test("hundreds of receipts that are asked for at once are a few requests, and those that the chain tells alone", async () => {
  const hashes = [...(await transfers(230)), `0x${"00".repeat(32)}`];
  const alone = await Promise.all(
    hashes.map((hash) => chain.provider.request({ method: "eth_getTransactionReceipt", params: [hash] })),
  );
  const request = vi.spyOn(chain.provider, "request");
  const ask = batchedReads(chain);
  const together = await Promise.all(hashes.map((hash) => ask("eth_getTransactionReceipt", [hash])));
  expect(together).toEqual(alone);
  expect(together.at(-1)).toBeNull();
  expect(request).toHaveBeenCalledTimes(3);
  request.mockRestore();
});

test("one that the chain refuses is told in the chain's words, and the others are answered", async () => {
  const ask = batchedReads(chain);
  const asked = ["0x12", ...(await transfers(1))].map((hash) => ask("eth_getTransactionReceipt", [hash]));
  const [refused, answered] = await Promise.allSettled(asked);
  const alone = chain.provider.request({ method: "eth_getTransactionReceipt", params: ["0x12"] });
  const words = await alone.catch((error: unknown) => error);
  expect(words).toMatchObject({ code: -32_602, message: expect.stringContaining("invalid") });
  const { code, message } = words as { code: number; message: string };
  expect(refused).toMatchObject({ status: "rejected", reason: { code, message } });
  expect(answered).toMatchObject({ status: "fulfilled", value: { status: "0x1" } });
});

test("each is asked for by itself where the chain takes no batch, and what is no such read always is", async () => {
  const methods: string[] = [];
  const provider = {
    ...chain.provider,
    request: (call: { method: string; params?: readonly unknown[] }) => {
      methods.push(call.method);
      return call.method === "localStack_batch"
        ? Promise.reject(new Error("no"))
        : chain.provider.request(call);
    },
  };
  const ask = batchedReads({ provider });
  const zero = `0x${"00".repeat(20)}`;
  const balances = await Promise.all([zero, zero].map((one) => ask("eth_getBalance", [one, "latest"])));
  expect(balances).toEqual(["0x0", "0x0"]);
  await ask("eth_chainId", []);
  expect(methods).toEqual(["localStack_batch", "eth_getBalance", "eth_getBalance", "eth_chainId"]);
});
