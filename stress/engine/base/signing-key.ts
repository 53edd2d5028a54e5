import { createRequire } from "node:module";
import { computeAddress, getAddress, recoverAddress, type SigningKey } from "ethers";
import { reasonOf } from "./errors.ts";
import { keccak } from "./keccak.ts";
import { bytesOf } from "./rlp.ts";

/** A signature of the curve. */
export interface CurveSignature {
  /** 32 bytes each, in hexadecimal. */
  readonly r: string;
  readonly s: string;
  readonly yParity: 0 | 1;
}

/** Signs with one key. */
export interface Signer {
  readonly address: string;
  /** @param digest 32 bytes in hexadecimal */
  readonly sign: (digest: string) => CurveSignature;
}

/** The part of npm's `secp256k1` that is used: libsecp256k1, by its native binding. */
export interface NativeCurve {
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
  publicKeyCreate(key: Uint8Array, isCompressed: boolean): Uint8Array;
  ecdsaRecover(signature: Uint8Array, recid: number, digest: Uint8Array, isCompressed: boolean): Uint8Array;
}

/** How this process signs. */
export interface Signing {
  /** @throws {Error} where the key is none of the curve's */
  signerOf(key: SigningKey): Signer;
  /** The address that signed a digest, in lower case. @throws {Error} where nobody can have */
  recover(digest: string, signature: CurveSignature): string;
  /** Why it signs in JavaScript, in words; undefined where the native binding was loaded. */
  readonly slowBecause: string | undefined;
}

/** In JavaScript: seven times the time. */
const byEthers = (key: SigningKey): Signer => ({
  address: computeAddress(key.publicKey),
  sign: (digest) => key.sign(digest),
});

/** In lower case. @param key not compressed */
const addressOf = (key: Uint8Array): string => `0x${keccak(key.subarray(1)).slice(-40)}`;

const recoverBy =
  (curve: NativeCurve) =>
  (digest: string, { r, s, yParity }: CurveSignature): string =>
    addressOf(curve.ecdsaRecover(bytesOf(r + s.slice(2)), yParity, bytesOf(digest), false));

/** Both take the nonce that RFC 6979 makes of key and digest, and the lower s: the signatures are the same. */
const byBinding =
  (curve: NativeCurve) =>
  (key: SigningKey): Signer => {
    const secret = bytesOf(key.privateKey);
    const address = getAddress(addressOf(curve.publicKeyCreate(secret, false)));
    const sign = (digest: string): CurveSignature => {
      const { signature, recid } = curve.ecdsaSign(bytesOf(digest), secret);
      const digits = Buffer.from(signature.buffer, signature.byteOffset, 64).toString("hex");
      return { r: `0x${digits.slice(0, 64)}`, s: `0x${digits.slice(64)}`, yParity: recid === 0 ? 0 : 1 };
    };
    return { address, sign };
  };

/** @param load the binding; it is not on every platform, and says so by an error */
export function openSigning(load: () => NativeCurve): Signing {
  try {
    const curve = load();
    return { signerOf: byBinding(curve), recover: recoverBy(curve), slowBecause: undefined };
  } catch (error) {
    return {
      signerOf: byEthers,
      recover: (digest, signature) => recoverAddress(digest, signature).toLowerCase(),
      slowBecause: reasonOf(error),
    };
  }
}

/** The package's main file would fall back to JavaScript of its own, and tell nobody. */
export const loadBinding = (): NativeCurve =>
  createRequire(import.meta.url)("secp256k1/bindings.js") as NativeCurve;

/** With the native binding where there is one. */
export const SIGNING: Signing = openSigning(loadBinding);
