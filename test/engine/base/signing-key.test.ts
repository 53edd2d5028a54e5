import { Signature, SigningKey, Transaction, Wallet } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fees } from "../../../stress/engine/transactions/fees.ts";
import { Account } from "../../../stress/engine/transactions/account.ts";
import { signVersion } from "../../../stress/engine/transactions/signing.ts";
import { loadBinding, openSigning, SIGNING } from "../../../stress/engine/base/signing-key.ts";
import { runs } from "../../fakes/property.ts";

const hex = (least: number, most = least) =>
  fc
    .uint8Array({ minLength: least, maxLength: most })
    .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);

const wei = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 27n }));

const fees: fc.Arbitrary<Fees> = fc.oneof(
  wei.map((gasPrice) => ({ type: 0, gasPrice }) as const),
  fc.tuple(wei, wei).map(([maxPriorityFeePerGas, more]) => {
    return { type: 2, maxPriorityFeePerGas, maxFeePerGas: maxPriorityFeePerGas + more } as const;
  }),
);

const plan = fc.record({ to: hex(20), data: fc.oneof(fc.constant("0x"), hex(0, 600)), value: wei });

const terms = fc.record({
  chainId: fc.bigInt({ min: 1n, max: 2n ** 53n }),
  nonce: fc.nat(),
  gasLimit: fc.bigInt({ min: 21_000n, max: 30_000_000n }),
  fees,
});

/** Of all keys; 0 is none, and those from the curve's order on have a chance of 2^-128. */
const key = hex(32).filter((one) => BigInt(one) > 0n);

const inJavaScript = openSigning(() => {
  throw new Error("no native build for this platform\nand more");
});

describe("a transaction", () => {
  test("has the bytes that ethers signs, whatever it is made of", async () => {
    await fc.assert(
      fc.asyncProperty(key, plan, terms, async (privateKey, { to, data, value }, { fees: own, ...rest }) => {
        const { raw, hash } = signVersion(
          new Account(privateKey),
          { to, data, value, moves: [] },
          { ...rest, fees: own },
        );
        const ofEthers = await new Wallet(privateKey).signTransaction({ to, data, value, ...rest, ...own });
        expect(raw).toBe(ofEthers);
        expect(hash).toBe(Transaction.from(ofEthers).hash);
      }),
      runs(100),
    );
  });
});

describe("a signer", () => {
  test("signs alike with the native binding and without, and has the same address", () => {
    fc.assert(
      fc.property(key, hex(32), (privateKey, digest) => {
        const signers = [SIGNING, inJavaScript].map((one) => one.signerOf(new SigningKey(privateKey)));
        const [first, second] = signers.map((signer) => [
          signer.address,
          Signature.from(signer.sign(digest)).serialized,
        ]);
        expect(first).toEqual(second);
      }),
      runs(100),
    );
  });

  test("is told from what it signed, with the native binding and without", () => {
    fc.assert(
      fc.property(key, hex(32), (privateKey, digest) => {
        const { address, sign } = SIGNING.signerOf(new SigningKey(privateKey));
        for (const one of [SIGNING, inJavaScript])
          expect(one.recover(digest, sign(digest))).toBe(address.toLowerCase());
      }),
      runs(100),
    );
  });

  test("is in JavaScript where the binding cannot be loaded, and it is known why", () => {
    expect(inJavaScript.slowBecause).toContain("no native build for this platform");
    const { address } = inJavaScript.signerOf(new SigningKey(`0x${"5e".repeat(32)}`));
    expect(address).toBe(new Wallet(`0x${"5e".repeat(32)}`).address);
  });

  // The package brings a build for these; on others it is a matter of the machine.
  test.runIf(`${process.platform} ${process.arch}` === "darwin arm64" || isGlibc())(
    "is native on the platforms that the package has a build for",
    () => {
      expect(SIGNING.slowBecause).toBeUndefined();
      expect(loadBinding().publicKeyCreate(new Uint8Array(32).fill(1), true)).toHaveLength(33);
    },
  );
});

function isGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return `${process.platform} ${process.arch}` === "linux x64" && header.glibcVersionRuntime !== undefined;
}
