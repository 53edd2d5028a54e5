import type { Chain } from "../../engine/base/index.ts";
import type { BlockRead } from "../../engine/chain/index.ts";

/** Blocks of each chain whose times are remembered: what is mined is told with its block or soon after. */
const MOST = 2048;

/** The times of the blocks that were read last. */
export class BlockTimes {
  readonly #times = { 1: new Map<number, number>(), 2: new Map<number, number>() };

  take({ chain, block }: Pick<BlockRead, "chain" | "block">): void {
    if (block.timestamp === undefined) return;
    const times = this.#times[chain];
    times.set(block.number, block.timestamp);
    if (times.size <= MOST) return;
    const [oldest] = times.keys();
    if (oldest !== undefined) times.delete(oldest);
  }

  /** Unix milliseconds; undefined where it is not remembered. */
  of(chain: Chain, block: number): number | undefined {
    return this.#times[chain].get(block);
  }
}
