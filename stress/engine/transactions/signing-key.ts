import { createRequire } from "node:module";
import { computeAddress, getAddress, getBytes, hexlify, keccak256, Signature, type SigningKey } from "ethers";
import { reasonOf } from "../base/index.ts";

/** Signs with one key. */
export interface Signer {
  readonly address: string;
  /** @param digest 32 bytes in hexadecimal */
  sign(digest: string): Signature;
}

/** The part of npm's `secp256k1` that is used: libsecp256k1, by its native binding. */
export interface NativeCurve {
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
  publicKeyCreate(key: Uint8Array, isCompressed: boolean): Uint8Array;
}

/** How this process signs. */
export interface Signing {
  /** @throws {Error} where the key is none of the curve's */
  signerOf(key: SigningKey): Signer;
  /** Why it signs in JavaScript, in words; undefined where the native binding was loaded. */
  readonly slowBecause: string | undefined;
}

/** In JavaScript: seven times the time. */
const byEthers = (key: SigningKey): Signer => ({
  address: computeAddress(key.publicKey),
  sign: (digest) => key.sign(digest),
});

/** Both take the nonce that RFC 6979 makes of key and digest, and the lower s: the signatures are the same. */
const byBinding =
  (curve: NativeCurve) =>
  (key: SigningKey): Signer => {
    const secret = getBytes(key.privateKey);
    const address = getAddress(`0x${keccak256(curve.publicKeyCreate(secret, false).subarray(1)).slice(-40)}`);
    const sign = (digest: string): Signature => {
      const { signature, recid } = curve.ecdsaSign(getBytes(digest), secret);
      const [r, s] = [hexlify(signature.subarray(0, 32)), hexlify(signature.subarray(32))];
      return Signature.from({ r, s, yParity: recid === 0 ? 0 : 1 });
    };
    return { address, sign };
  };

/** @param load the binding; it is not on every platform, and says so by an error */
export function openSigning(load: () => NativeCurve): Signing {
  try {
    return { signerOf: byBinding(load()), slowBecause: undefined };
  } catch (error) {
    return { signerOf: byEthers, slowBecause: reasonOf(error) };
  }
}

/** The package's main file would fall back to JavaScript of its own, and tell nobody. */
export const loadBinding = (): NativeCurve =>
  createRequire(import.meta.url)("secp256k1/bindings.js") as NativeCurve;

/** How everything in this process is signed. */
export const SIGNING = openSigning(loadBinding);
