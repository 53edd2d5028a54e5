import { createServer } from "node:net";
import { HDNodeWallet, parseEther, WebSocketProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STANDALONE_PORTS } from "../../fixtures/local-stack/settings.ts";
import { spawnStack } from "../../fixtures/local-stack/spawn.ts";
import { openTestBed, type TestBed } from "../run/running.ts";

let bed: TestBed;

const account = (index: number) =>
  HDNodeWallet.fromPhrase(
    "test test test test test test test test test test test junk",
    undefined,
    `m/44'/60'/0'/0/${index}`,
  );

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

describe("the local stack", () => {
  test("is two chains, 31337 and 31338, that produce blocks by themselves", async () => {
    expect((await bed.providers[1].getNetwork()).chainId).toBe(31_337n);
    expect((await bed.providers[2].getNetwork()).chainId).toBe(31_338n);
    const before = await bed.providers[2].getBlockNumber();
    await expect.poll(() => bed.providers[2].getBlockNumber(), { interval: 50 }).toBeGreaterThan(before);
  });

  test("funds the 20 test accounts on both chains", async () => {
    for (const index of [0, 10, 19]) {
      for (const chain of [1, 2] as const) {
        expect(await bed.providers[chain].getBalance(account(index).address)).toBeGreaterThan(
          parseEther("9000"),
        );
      }
    }
  });

  test("names the pages that it serves where it has none", async () => {
    const response = await fetch(`${bed.spawned.description.addresses}/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      known: expect.arrayContaining(["/stack.json", "/faults"]),
    });
  });

  test("charges an L1 data fee on L2", async () => {
    const from = account(3).connect(bed.providers[2]);
    const sent = await from.sendTransaction({ to: account(4).address, value: 1n });
    await sent.wait();
    const receipt = (await bed.providers[2].send("eth_getTransactionReceipt", [sent.hash])) as {
      l1Fee: string;
    };
    expect(BigInt(receipt.l1Fee)).toBeGreaterThan(0n);
  });

  test("answers over WebSocket, subscriptions included", async () => {
    const provider = new WebSocketProvider(bed.spawned.description.l2.replace("http", "ws"));
    const block = await new Promise<number>((resolve) => void provider.once("block", resolve));
    expect(block).toBeGreaterThan(0);
    await provider.destroy();
  });

  test("does not let clients mine", async () => {
    await expect(bed.providers[2].send("evm_mine", [])).rejects.toThrow(/produced by its own services/);
  });

  test("answers what is not JSON-RPC with an error, and goes on", async () => {
    const post = async (body: string) =>
      (await fetch(bed.spawned.description.l1, { method: "POST", body })).json();
    expect(await post("{")).toMatchObject({ error: { code: -32_700 } });
    expect(await post('{"id":1}')).toMatchObject({ error: { code: -32_600 } });
    expect(await post('[{"id":1,"method":"eth_chainId"},{"id":2,"method":"no_such"}]')).toMatchObject([
      { id: 1, result: "0x7a69" },
      { id: 2, error: { code: expect.any(Number) } },
    ]);
  });
});

test("a port that is taken is named", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const settings = { l1BlockTime: 1000, l2BlockTime: 250, fraudProofWindow: 5, exitFee: 0 };
  await expect(spawnStack("ovm2", settings, { l1: 0, l2: port, addresses: 0 })).rejects.toThrow(
    new RegExp(`port ${port} \\(L2 JSON-RPC\\) is in use`),
  );
  server.close();
});

test("the standalone stack has the predecessor's ports", () => {
  expect(STANDALONE_PORTS).toEqual({ l1: 9545, l2: 8545, addresses: 8080 });
});
