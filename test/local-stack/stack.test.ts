import { createServer } from "node:net";
import { Contract, HDNodeWallet, Interface, parseEther, Transaction, WebSocketProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STANDALONE_PORTS } from "../../fixtures/local-stack/settings.ts";
import { spawnStack } from "../../fixtures/local-stack/spawn.ts";
import { PREDEPLOYS } from "../../stress/protocols/ovm2/predeploys.ts";
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
    await expect
      .poll(() => bed.providers[2].getBlockNumber(), { interval: 50, timeout: 5000 })
      .toBeGreaterThan(before);
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

  test("serves the addresses under the predecessor's names", async () => {
    const { addresses } = bed.spawned.description;
    const core = (await (await fetch(`${addresses}/addresses.json`)).json()) as Record<string, string>;
    const boba = (await (await fetch(`${addresses}/boba-addr.json`)).json()) as Record<string, string>;
    const names = [
      "Proxy__L1StandardBridge",
      "Proxy__L1CrossDomainMessenger",
      "CanonicalTransactionChain",
      "StateCommitmentChain",
      "AddressManager",
    ];
    for (const name of names) expect(await bed.providers[1].getCode(core[name] ?? ""), name).not.toBe("0x");
    expect(await bed.providers[1].getCode(boba["Proxy__L1LiquidityPool"] ?? "")).not.toBe("0x");
    expect(await bed.providers[1].getCode(boba["Proxy__L1CrossDomainMessengerFast"] ?? "")).not.toBe("0x");
    expect(await bed.providers[2].getCode(boba["Proxy__L2LiquidityPool"] ?? "")).not.toBe("0x");
    expect((await fetch(`${addresses}/nothing`)).status).toBe(404);
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

test("money that a withdrawal burns cannot be spent a second time in its block", async () => {
  const sender = account(7);
  const provider = bed.providers[2];
  const bridge = new Interface(["function withdraw(address,uint256,uint32,bytes)"]);
  const [balance, nonce] = [
    await provider.getBalance(sender.address),
    await provider.getTransactionCount(sender.address),
  ];
  const amount = balance - parseEther("1");
  const common = { type: 2, chainId: 31_338n, maxFeePerGas: 3n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n };
  const sign = (fields: object): Promise<string> => sender.signTransaction({ ...common, ...fields });
  const withdrawal = await sign({
    nonce,
    to: PREDEPLOYS.standardBridge,
    gasLimit: 300_000n,
    data: bridge.encodeFunctionData("withdraw", [PREDEPLOYS.eth, amount, 0, "0x"]),
  });
  const again = await sign({ nonce: nonce + 1, to: account(8).address, value: amount, gasLimit: 21_000n });
  const request = (id: number, raw: string) => ({
    jsonrpc: "2.0",
    id,
    method: "eth_sendRawTransaction",
    params: [raw],
  });
  await fetch(bed.spawned.description.l2, {
    method: "POST",
    body: JSON.stringify([request(1, withdrawal), request(2, again)]),
  });
  const receipt = await provider.waitForTransaction(Transaction.from(withdrawal).hash ?? "");
  expect(receipt?.status).toBe(1);
  expect(await provider.getBalance(sender.address)).toBe(
    balance - amount - (receipt?.fee ?? 0n) - (await l1Fee(receipt?.hash)),
  );
  expect(await provider.getTransactionReceipt(Transaction.from(again).hash ?? "")).toBeNull();
});

async function l1Fee(hash: string | undefined): Promise<bigint> {
  const receipt = (await bed.providers[2].send("eth_getTransactionReceipt", [hash])) as { l1Fee: string };
  return BigInt(receipt.l1Fee);
}

test("ETH on L2 is backed by the bridge on L1", async () => {
  const eth = new Contract(
    PREDEPLOYS.eth,
    ["function totalSupply() view returns (uint256)"],
    bed.providers[2],
  );
  expect(await eth.getFunction("totalSupply").staticCall()).toBeGreaterThan(parseEther("1000"));
});

test("a port that is taken is named", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const settings = { l1BlockTime: 1000, l2BlockTime: 250, fraudProofWindow: 5, exitFee: 0 };
  await expect(spawnStack(settings, { l1: 0, l2: port, addresses: 0 })).rejects.toThrow(
    new RegExp(`port ${port} \\(L2 JSON-RPC\\) is in use`),
  );
  server.close();
});

test("the standalone stack has the predecessor's ports", () => {
  expect(STANDALONE_PORTS).toEqual({ l1: 9545, l2: 8545, addresses: 8080 });
});
