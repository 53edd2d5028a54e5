import { dataLength, dataSlice, keccak256 } from "ethers";

/** One chain of a super root: its output root at the super root's time. */
export interface SuperRootEntry {
  readonly chainId: bigint;
  readonly root: string;
}

/** The roots of a set of chains at one time, as a game that claims them keeps them: `Types.SuperRootProof`. */
export interface SuperRoot {
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly entries: readonly SuperRootEntry[];
  /** `Hashing.hashSuperRootProof`: what the game claims. */
  readonly hash: string;
}

const VERSION = "0x01";
const HEAD_BYTES = 9;
const ENTRY_BYTES = 64;

/**
 * Reads an encoded super root: a byte for its version, eight for its time, and for each chain 32 for its id and 32 for its root.
 *
 * @returns undefined where the bytes are none
 */
export function superRootIn(encoded: string): SuperRoot | undefined {
  const rest = dataLength(encoded) - HEAD_BYTES;
  if (rest < ENTRY_BYTES || rest % ENTRY_BYTES !== 0 || dataSlice(encoded, 0, 1) !== VERSION)
    return undefined;
  const entries = Array.from({ length: rest / ENTRY_BYTES }, (_, at) => {
    const start = HEAD_BYTES + at * ENTRY_BYTES;
    return {
      chainId: BigInt(dataSlice(encoded, start, start + 32)),
      root: dataSlice(encoded, start + 32, start + ENTRY_BYTES),
    };
  });
  return { timestamp: BigInt(dataSlice(encoded, 1, HEAD_BYTES)), entries, hash: keccak256(encoded) };
}

/** A super root as the portal's function takes it. */
export const asProof = ({ timestamp, entries }: SuperRoot) =>
  [VERSION, timestamp, entries.map(({ chainId, root }) => [chainId, root])] as const;
