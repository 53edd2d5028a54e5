import { Transaction, Wallet } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFeeMarket, readTransaction } from "../../fixtures/local-stack/sent-transaction.ts";
import { runs } from "../fakes/property.ts";

const hex = (least: number, most = least) =>
  fc
    .uint8Array({ minLength: least, maxLength: most })
    .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);

const wei = fc.bigInt({ min: 0n, max: 10n ** 24n });
const accessList = fc.array(
  fc.record({ address: hex(20), storageKeys: fc.array(hex(32), { maxLength: 3 }) }),
  {
    maxLength: 2,
  },
);

const prices = fc.oneof(
  wei.map((gasPrice) => ({ type: 0, gasPrice, most: gasPrice })),
  fc
    .tuple(wei, accessList)
    .map(([gasPrice, list]) => ({ type: 1, gasPrice, accessList: list, most: gasPrice })),
  fc.tuple(wei, accessList).map(([most, list]) => ({
    type: 2,
    maxFeePerGas: most,
    maxPriorityFeePerGas: most / 2n,
    accessList: list,
    most,
  })),
);

const fields = fc.record({
  to: fc.oneof(hex(20), fc.constant(null)),
  data: hex(0, 300),
  value: wei,
  nonce: fc.nat(),
  gasLimit: fc.bigInt({ min: 21_000n, max: 30_000_000n }),
  chainId: fc.bigInt({ min: 1n, max: 2n ** 40n }),
});

const key = hex(32).filter((one) => BigInt(one) > 0n);

describe("a transaction as it was sent", () => {
  test("is told what it may cost, and who signed it", async () => {
    const senders: [string | undefined, string][] = [];
    await fc.assert(
      fc.asyncProperty(key, fields, prices, async (privateKey, own, { most, ...fees }) => {
        const wallet = new Wallet(privateKey);
        const raw = await wallet.signTransaction({ ...own, ...fees });
        expect(readTransaction(raw)).toEqual({
          gasLimit: own.gasLimit,
          mostCost: own.value + own.gasLimit * most,
        });
        if (fees.type === 2) senders.push([readFeeMarket(raw)?.sender(), wallet.address.toLowerCase()]);
      }),
      runs(100),
    );
    expect(senders.map(([found]) => found)).toEqual(senders.map(([, signer]) => signer));
  });

  test.each([
    ["no hexadecimal", "0x02zz"],
    ["no list", "0x0280"],
    ["a list of too few", "0x02c20102"],
    ["one whose price is a list", "0x02cc0101c001018080808080808080"],
    ["nothing", "0x"],
    ["words", "hello"],
  ])("is left to the chain where it is %s", (_, raw) => {
    expect(readTransaction(raw)).toBeUndefined();
  });

  test("that nobody can have signed has no sender", () => {
    const signed = Transaction.from({
      type: 2,
      chainId: 5n,
      nonce: 1,
      gasLimit: 21_000n,
      signature: { r: `0x${"ff".repeat(32)}`, s: `0x${"01".repeat(32)}`, yParity: 0 },
    });
    expect(readTransaction(signed.serialized)).toEqual({ gasLimit: 21_000n, mostCost: 0n });
    expect(readFeeMarket(signed.serialized)?.sender()).toBeUndefined();
  });

  test("is read in lower case, however its digits are written", async () => {
    const to = "0xDeaDbeefdEAdbeefdEadbEEFdeadbeEFdEaDbeeF";
    const raw = await new Wallet(`0x${"1".repeat(64)}`).signTransaction({
      type: 2,
      to,
      value: 1n,
      chainId: 1n,
      maxFeePerGas: 1n,
    });
    const written = readFeeMarket(raw.replace(to.slice(2).toLowerCase(), to.slice(2)));
    expect([written?.to, written?.sender()]).toEqual([to.toLowerCase(), readFeeMarket(raw)?.sender()]);
  });
});
