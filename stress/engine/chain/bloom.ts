import { getBytes, keccak256 } from "ethers";

/** Bytes of a header's bloom filter (Ethereum yellow paper, 4.3.1). */
const BYTES = 256;

/** Where more of the bits are set than this part, the filter says yes to nearly everything. */
const TELLING = 0.25;

/** The three bits that an address or a topic sets: the low 11 bits of the first three pairs of bytes of its hash. */
export function bloomBits(item: string): readonly number[] {
  const hash = getBytes(keccak256(item));
  return [0, 2, 4].map((at) => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & (BYTES * 8 - 1));
}

/** What one looks for in blocks, ready to be compared with their blooms. */
export class BloomQuery {
  readonly #addresses: readonly (readonly number[])[];
  readonly #topics: readonly (readonly number[])[];

  constructor(addresses: readonly string[], topics: readonly string[]) {
    this.#addresses = addresses.map(bloomBits);
    this.#topics = topics.map(bloomBits);
  }

  /**
   * Whether the bloom says that the block has an event of one of the addresses with one of the topics. It may be wrong where it
   * says so, never where it does not. A bloom that is missing, or too full to tell, says no.
   */
  promises(bloom: string | undefined): boolean {
    if (bloom?.length !== 2 + BYTES * 2) return false;
    const bytes = getBytes(bloom);
    const isSet = (bit: number): boolean => (((bytes[BYTES - 1 - (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1;
    if (![this.#addresses, this.#topics].every((items) => items.some((bits) => bits.every(isSet))))
      return false;
    let set = 0;
    for (let bit = 0; bit < BYTES * 8; bit++) if (isSet(bit)) set++;
    return set <= BYTES * 8 * TELLING;
  }
}
