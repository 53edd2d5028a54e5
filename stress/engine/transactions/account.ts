import { computeHmac, SigningKey, toUtf8Bytes } from "ethers";
import { type CurveSignature, type Signer, SIGNING } from "../base/index.ts";

/** An account the run signs for. Its key stays inside: printing or serialising the object does not show it. */
export class Account {
  readonly address: string;
  readonly #key: SigningKey;
  readonly #signer: Signer;

  /** @param key 32 bytes in hexadecimal, with 0x */
  constructor(key: string) {
    this.#key = new SigningKey(key);
    this.#signer = SIGNING.signerOf(this.#key);
    this.address = this.#signer.address;
  }

  sign(digest: string): CurveSignature {
    return this.#signer.sign(digest);
  }

  /** The private key, for the accounts file and nothing else. */
  revealKey(): string {
    return this.#key.privateKey;
  }

  /** The funder of a shard, from 1 up, of so many: HMAC-SHA256 of both under this account's key. */
  deriveShard(part: number, of: number): Account {
    return new Account(
      computeHmac("sha256", this.#key.privateKey, toUtf8Bytes(`rollup-stress/shard/${of}/${part}`)),
    );
  }

  /** Child `number` of a run with this seed whose funder is this account: HMAC-SHA256 of both under the funder's key. */
  deriveChild(seed: number, number: number): Account {
    const label = toUtf8Bytes(`rollup-stress/child/${seed}/${number}`);
    // A digest outside the curve's order has a chance of 2^-128; the signer would refuse it.
    return new Account(computeHmac("sha256", this.#key.privateKey, label));
  }
}
