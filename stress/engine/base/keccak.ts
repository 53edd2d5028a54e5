import { keccak256 } from "ethers";
import { createKeccak } from "hash-wasm";

const HASHER = await createKeccak(256);

function hashOf(bytes: Uint8Array): Uint8Array {
  HASHER.init();
  HASHER.update(bytes);
  return HASHER.digest("binary");
}

/** Keccak-256 in hexadecimal, with 0x. By ethers alone it takes ten times the time, several times a transaction. */
export function keccak(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = hashOf(bytes);
  return `0x${Buffer.from(buffer, byteOffset, byteLength).toString("hex")}`;
}

// What ethers hashes itself: addresses, topics, selectors.
keccak256.register(hashOf);
