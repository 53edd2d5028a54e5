import { createRequire } from "node:module";
import {
  computeAddress,
  concat,
  getAddress,
  getBytes,
  hexlify,
  keccak256,
  recoverAddress,
  Signature,
  type SigningKey,
} from "ethers";
import { reasonOf } from "./errors.ts";

/** Signs with one key. */
export interface Signer {
  readonly address: string;
  /** @param digest 32 bytes in hexadecimal */
  readonly sign: (digest: string) => Signature;
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
  /** The address that signed a digest. @throws {Error} where nobody can have */
  recover(digest: string, signature: Signature): string;
  /** Why it signs in JavaScript, in words; undefined where the native binding was loaded. */
  readonly slowBecause: string | undefined;
}

/** In JavaScript: seven times the time. */
const byEthers = (key: SigningKey): Signer => ({
  address: computeAddress(key.publicKey),
  sign: (digest) => key.sign(digest),
});

/** @param key not compressed */
const addressOf = (key: Uint8Array): string => getAddress(`0x${keccak256(key.subarray(1)).slice(-40)}`);

const recoverBy =
  (curve: NativeCurve) =>
  (digest: string, { r, s, yParity }: Signature): string =>
    addressOf(curve.ecdsaRecover(getBytes(concat([r, s])), yParity, getBytes(digest), false));

/** Both take the nonce that RFC 6979 makes of key and digest, and the lower s: the signatures are the same. */
const byBinding =
  (curve: NativeCurve) =>
  (key: SigningKey): Signer => {
    const secret = getBytes(key.privateKey);
    const address = addressOf(curve.publicKeyCreate(secret, false));
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
    const curve = load();
    return { signerOf: byBinding(curve), recover: recoverBy(curve), slowBecause: undefined };
  } catch (error) {
    return { signerOf: byEthers, recover: recoverAddress, slowBecause: reasonOf(error) };
  }
}

/** The package's main file would fall back to JavaScript of its own, and tell nobody. */
export const loadBinding = (): NativeCurve =>
  createRequire(import.meta.url)("secp256k1/bindings.js") as NativeCurve;

/** How everything in this process is signed. */
export const SIGNING = openSigning(loadBinding);
