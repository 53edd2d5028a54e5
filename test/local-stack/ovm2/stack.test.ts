import { Contract, Interface, parseEther, Transaction } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { openTestBed, type TestBed } from "../../run/running.ts";
import { account } from "./bridge.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

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
