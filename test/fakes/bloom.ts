import { hexlify } from "ethers";
import { bloomBits } from "../../stress/engine/chain/bloom.ts";

/** Blooms of the same events are the same, and worked out once. */
const blooms = new Map<string, string>();

/** The bloom filter that a header has of its block's events. */
export function bloomOf(logs: readonly { readonly address: string; readonly topics: readonly string[] }[]): string {
  const items = logs.flatMap(({ address, topics }) => [address, ...topics]);
  const key = items.join();
  const known = blooms.get(key);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(256);
  for (const bit of items.flatMap(bloomBits)) {
    const at = 255 - (bit >> 3);
    bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7));
  }
  const bloom = hexlify(bytes);
  blooms.set(key, bloom);
  return bloom;
}
