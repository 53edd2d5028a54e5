import * as fc from "fast-check";
import {
  HDNodeWallet,
  Interface,
  keccak256,
  type TransactionRequest,
  toBeHex,
  toQuantity,
  Wallet,
} from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chain } from "../../stress/engine/base/index.ts";
import { PREDEPLOYS } from "../../stress/protocols/ovm2/predeploys.ts";
import { runs } from "../fakes/property.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { anyRequest, signed } from "./arbitrary-requests.ts";
import { until } from "./faults/until.ts";
import { account } from "./ovm2/bridge.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const GWEI = 10n ** 9n;

/** Sends as any client may: one request, or what should be one. */
async function post(chain: Chain, body: unknown): Promise<unknown> {
  const url = bed.spawned.description[chain === 1 ? "l1" : "l2"];
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return response.json();
}

const request = (method: string, params: unknown, id = 1) => ({ jsonrpc: "2.0", id, method, params });

const ask = (chain: Chain, method: string, ...params: unknown[]) =>
  bed.providers[chain].send(method, params) as Promise<string>;

/** A payment of an honest client on each chain is mined: whatever was sent before, the stack lives. */
async function lives(): Promise<void> {
  for (const chain of [1, 2] as const) {
    const payer = account(19).connect(bed.providers[chain]);
    const sent = await payer.sendTransaction({
      to: account(18).address,
      value: 1n,
      gasPrice: 10_000n * GWEI,
    });
    const receipt = () => ask(chain, "eth_getTransactionReceipt", sent.hash);
    await until(`receipt of a payment on L${chain}`, async () => (await receipt()) ?? undefined);
  }
}

const cost = { type: 2, gasLimit: 21_000n, maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: GWEI, nonce: 0 };

/** An account with so much on L2, and what it signs. */
async function signerWith(wei: bigint, seed: string) {
  const signer = new Wallet(keccak256(toBeHex(BigInt(`0x${Buffer.from(seed).toString("hex")}`))));
  await ask(2, "hardhat_setBalance", signer.address, toQuantity(wei));
  const sign = (fields: TransactionRequest): Promise<string> =>
    signer.signTransaction({ chainId: 31_338n, to: account(18).address, ...cost, ...fields });
  return { signer, sign };
}

test("whoever would have nothing left for the fee of his data is refused, in geth's words", async () => {
  const balance = 10n ** 18n;
  const { sign } = await signerWith(balance, "poor");
  const value = balance - 21_000n * 3n * GWEI;
  await expect(ask(2, "eth_sendRawTransaction", await sign({ value }))).rejects.toThrow(
    /insufficient funds for gas \* price \+ value: balance 1000000000000000000, tx cost 100000\d+, overshot \d+/,
  );
  const hash = await ask(2, "eth_sendRawTransaction", await sign({ value: value - 10n ** 16n }));
  expect(hash).toMatch(/^0x/);
  await lives();
});

/** Sets L2's base fee, and waits for a block that has it. */
async function baseFee(wei: bigint): Promise<void> {
  await ask(2, "hardhat_setNextBlockBaseFeePerGas", toQuantity(wei));
  const before = await bed.providers[2].getBlockNumber();
  await until("block", async () => ((await bed.providers[2].getBlockNumber()) > before ? true : undefined));
}

test.each([
  ["its sender's money is gone", "hardhat_setBalance", "0x1"],
  ["nothing is left for its data", "hardhat_setBalance", toQuantity(21_000n * 3n * GWEI + 1n)],
])("a transaction is dropped where %s before it is mined", async (name, method, change) => {
  const { signer, sign } = await signerWith(10n ** 18n, name);
  // As long as the base fee is above what it offers it waits.
  await baseFee(1000n * GWEI);
  const hash = await ask(2, "eth_sendRawTransaction", await sign({ value: 1n }));
  await ask(2, method, signer.address, change);
  await baseFee(1n);
  await lives();
  expect(await ask(2, "eth_getTransactionByHash", hash)).toBeNull();
});

test("what its sender cannot pay takes no other transaction's place", async () => {
  const balance = 10n ** 18n;
  const { signer, sign } = await signerWith(balance, "replaced");
  await baseFee(1000n * GWEI);
  const hash = await ask(2, "eth_sendRawTransaction", await sign({ value: 1n }));
  const price = { maxFeePerGas: 6n * GWEI, maxPriorityFeePerGas: 2n * GWEI };
  const dear = await sign({ ...price, value: balance - 21_000n * price.maxFeePerGas });
  await expect(ask(2, "eth_sendRawTransaction", dear)).rejects.toThrow(/insufficient funds/);
  expect(await ask(2, "eth_getTransactionByHash", keccak256(dear))).toBeNull();
  await baseFee(1n);
  const mined = () => ask(2, "eth_getTransactionReceipt", hash);
  await until("receipt", async () => (await mined()) ?? undefined);
  expect(await bed.providers[2].getTransactionCount(signer.address)).toBe(1);
});

test("a contract that withdraws its ETH and pays it on in the same transaction does not end L2", async () => {
  const bridge = PREDEPLOYS.standardBridge.slice(2);
  // Calls the bridge with what it is called with, and sends all that it has to its caller.
  const code = `0x36600060003760006000366000600073${bridge}5af150600060006000600047335af15000`;
  const contract = `0x${"c0".repeat(20)}`;
  await ask(2, "hardhat_setCode", contract, code);
  await ask(2, "hardhat_setBalance", contract, toQuantity(10n ** 18n));
  const withdraw = new Interface(["function withdraw(address,uint256,uint32,bytes)"]);
  const data = withdraw.encodeFunctionData("withdraw", [PREDEPLOYS.eth, 10n ** 18n, 0, "0x"]);
  const caller = account(17).connect(bed.providers[2]);
  const receipt = await (await caller.sendTransaction({ to: contract, data, gasLimit: 1_000_000n })).wait();
  // The withdrawal itself went through, or nothing would have been tried.
  expect(receipt?.logs.length).toBeGreaterThan(0);
  await lives();
  expect(await bed.providers[2].getBalance(contract)).toBe(0n);
});

test("what belongs to the services is not for clients", async () => {
  const own = (await bed.providers[1].getBlock(1, true))?.prefetchedTransactions[0]?.from;
  for (const method of ["hardhat_setBalance", "hardhat_setNonce", "hardhat_setCode"]) {
    await expect(ask(1, method, own, "0x1")).rejects.toThrow(/belongs to the local stack's own services/);
  }
  await expect(ask(1, "eth_sendTransaction", { from: own, to: own })).rejects.toThrow(/own services/);
});

test("whatever is asked has an answer, and blocks go on", async () => {
  const answer = { result: undefined, error: undefined };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 2),
      fc.array(anyRequest, { minLength: 1, maxLength: 25 }),
      async (chain, calls) => {
        const answers = (await post(chain, calls)) as object[];
        expect(answers).toHaveLength(calls.length);
        for (const one of answers) expect({ ...answer, ...one }).toHaveProperty("jsonrpc", "2.0");
      },
    ),
    runs(40),
  );
  await lives();
});

test("whatever is signed and sent, by whomever, blocks go on", async () => {
  const phrase = "test test test test test test test test test test test junk";
  const root = HDNodeWallet.fromPhrase(phrase, undefined, "m/44'/60'/1'/0");
  // Some have money, for one transaction or for a few; some have none.
  const senders = Array.from({ length: 10 }, (_, index) => root.deriveChild(index));
  for (const chain of [1, 2] as const) {
    for (const [index, { address }] of senders.entries()) {
      const wei = [0n, 21_000n * GWEI * 2n, 10n ** 16n, 10n ** 18n, 10n ** 20n][index % 5] ?? 0n;
      await ask(chain, "hardhat_setBalance", address, toQuantity(wei));
    }
  }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 2),
      fc.array(signed, { minLength: 1, maxLength: 10 }),
      async (chain, all) => {
        const raws = await Promise.all(
          all.map(async ({ who, type, nonce, to, value, gasLimit, price, data }) => {
            const signer = senders[who] ?? root;
            const priced =
              type < 2 ? { gasPrice: price } : { maxFeePerGas: price, maxPriorityFeePerGas: price };
            const authority = senders[(who + 1) % senders.length] ?? root;
            const target = { address: to ?? signer.address, nonce: 0, chainId: 31_336 + chain };
            const delegating = type === 4 ? { authorizationList: [authority.authorizeSync(target)] } : {};
            const chainId = 31_336n + BigInt(chain);
            const given = type === 4 ? (to ?? signer.address) : to;
            return signer.signTransaction({
              chainId,
              type,
              nonce,
              to: given,
              value,
              gasLimit,
              data,
              ...priced,
              ...delegating,
            });
          }),
        );
        const calls = raws.map((raw, id) => request("eth_sendRawTransaction", [raw], id));
        expect(await post(chain, calls)).toHaveLength(calls.length);
      },
    ),
    runs(8),
  );
  await lives();
});
