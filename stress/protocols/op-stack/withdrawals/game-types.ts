import { dataLength } from "ethers";

/** By what a dispute game tells which state of L2 it is about. */
export type Position = "block" | "time";

/** Games whose root claim is an output root of an L2 block. */
const BY_BLOCK: ReadonlySet<number> = new Set([0, 1, 2, 3, 6, 8, 254, 255, 621, 1337]);

/** Games whose root claim is a super root: of all chains of a set at an L2 time. */
const BY_TIME: ReadonlySet<number> = new Set([4, 5, 7, 9]);

/** Its first form was of a block (36 bytes: block, parent); it is of a time since. */
const ZK = 10;
const ZK_BY_BLOCK_BYTES = 36;

/**
 * By what a game of this type tells its state; undefined for a type that nobody here knows: it is told, not guessed.
 *
 * @param extraData the game's, which tells forms of one type apart
 */
export function positionOf(type: number, extraData: string): Position | undefined {
  if (BY_BLOCK.has(type)) return "block";
  if (BY_TIME.has(type)) return "time";
  if (type === ZK) return dataLength(extraData) === ZK_BY_BLOCK_BYTES ? "block" : "time";
  return undefined;
}
