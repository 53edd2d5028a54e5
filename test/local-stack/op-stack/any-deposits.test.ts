import * as fc from "fast-check";
import { getBytes, hexlify, Wallet } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../faults/until.ts";
import { account, type Asked, Depositor } from "./depositor.ts";
import { type OpBed, openOpBed } from "./op-bed.ts";

let bed: OpBed;

beforeAll(async () => {
  bed = await openOpBed();
});

afterAll(() => bed.close());

/** Whom deposits may call: contracts of the rollup itself, accounts of its services, precompiles, nobody. */
const RECIPIENTS = [
  "0x0000000000000000000000000000000000000000",
  "0x0000000000000000000000000000000000000002",
  "0x4200000000000000000000000000000000000006",
  "0x4200000000000000000000000000000000000007",
  "0x4200000000000000000000000000000000000010",
  "0x4200000000000000000000000000000000000015",
  "0x4200000000000000000000000000000000000016",
  "0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001",
  account(12).address,
  account(13).address,
  "0x00000000000000000000000000000000DeaDBeef",
];

/** What the portal asks for at least: 16 gas a byte. */
const leastGas = (data: string): bigint => 21_000n + 16n * BigInt(getBytes(data).length);

const deposit: fc.Arbitrary<Asked> = fc
  .record({
    to: fc.constantFrom(...RECIPIENTS),
    mint: fc.constantFrom(0n, 1n, 10n ** 15n),
    value: fc.constantFrom(0n, 1n, 2n, 10n ** 15n, 10n ** 21n, 10n ** 30n),
    more: fc.constantFrom(0n, 1n, 40_000n, 300_000n),
    isCreation: fc.boolean(),
    data: fc.uint8Array({ maxLength: 200 }).map((bytes) => hexlify(bytes)),
  })
  .map(({ more, to, isCreation, ...asked }) => ({
    ...asked,
    // The portal takes no recipient of what creates a contract.
    to: isCreation ? (RECIPIENTS[0] ?? "") : to,
    isCreation,
    gas: leastGas(asked.data) + more,
  }));

/** Milliseconds for which the busiest of machines takes all of them. */
const PATIENCE = 45_000;

test("whatever a deposit asks for, L2 has it once, in its order, and its blocks go on", async () => {
  const sampled = fc.sample(deposit, { numRuns: 60, seed: 15 });
  const senders = [12, 13, 14].map((index) => account(index));
  const poor = Wallet.createRandom();
  const l1 = bed.providers[1];
  const gift = await account(15)
    .connect(l1)
    .sendTransaction({ to: poor.address, value: 10n ** 18n });
  await gift.wait();
  const all = [...senders, poor];
  const nonces = await Promise.all(all.map(({ address }) => l1.getTransactionCount(address)));
  const before = await Promise.all(all.map(({ address }) => bed.providers[2].getTransactionCount(address)));
  const sent = await Promise.all(
    sampled.map((asked, at) => {
      const who = at % all.length;
      const nonce = (nonces[who] ?? 0) + Math.floor(at / all.length);
      return new Depositor(bed, all[who] ?? poor).send(asked, nonce);
    }),
  );
  const depositor = new Depositor(bed, poor);
  const hashes: string[] = [];
  for (const one of sent) hashes.push(...(await depositor.hashesOf(await one.wait())));
  expect(hashes).toHaveLength(sampled.length);
  const receipts = await until(
    "all deposits",
    async () => {
      const found = (await Promise.all(
        hashes.map((hash) => bed.providers[2].send("eth_getTransactionReceipt", [hash])),
      )) as ({ status: string; depositNonce: string } | null)[];
      return found.some((one) => one === null) ? undefined : found;
    },
    PATIENCE,
  );
  expect(new Set(receipts.map((one) => one?.status))).toEqual(new Set(["0x0", "0x1"]));
  for (const [who, { address }] of all.entries()) {
    const own = receipts.filter((_, at) => at % all.length === who).map((one) => Number(one?.depositNonce));
    expect(own).toEqual(own.map((_, at) => (before[who] ?? 0) + at));
    expect(await bed.providers[2].getTransactionCount(address)).toBe((before[who] ?? 0) + own.length);
  }
  const head = await bed.providers[2].getBlockNumber();
  await until("blocks that go on", async () =>
    (await bed.providers[2].getBlockNumber()) > head + 3 ? true : undefined,
  );
});
