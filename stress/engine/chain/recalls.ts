import type { Chain } from "../base/index.ts";
import type { Node, TxHash } from "../rpc/index.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Arrival, MessageId } from "./messages.ts";
import type { NewBlocks } from "./new-blocks.ts";
import type { Telling } from "./telling.ts";

/** What blocks are read again with. */
interface RecallParts {
  readonly chain: Chain;
  readonly node: Node;
  readonly blocks: NewBlocks;
  readonly arrivals: Arrivals;
  readonly telling: Telling;
  readonly log: (line: string) => void;
}

/** Reads blocks again for what no node told of them at first. */
export class Recalls {
  readonly #parts: RecallParts;

  constructor(parts: RecallParts) {
    this.#parts = parts;
  }

  /**
   * Reads again what a message brought with the transaction it arrived with, in a block that was read before. What was not told
   * of it is told now, and who waits for it goes on.
   *
   * @param known what was told of it with this transaction
   * @param readTo the last block that was read
   * @returns undefined where no node tells now
   */
  async recall(
    hash: TxHash,
    message: MessageId,
    known: Arrival | undefined,
    readTo: () => number,
  ): Promise<Arrival | undefined> {
    const { chain, node, blocks, arrivals: all, telling, log } = this.#parts;
    const receipt = await node.receipt(hash);
    if (receipt === undefined || receipt.blockNumber > readTo()) return undefined;
    const facts = await blocks.again(receipt.blockNumber, hash);
    if (facts === undefined || facts.block.number > readTo()) return undefined;
    const arrivals = telling.arrivalsIn(facts, () => undefined);
    const missed = all.missedIn({ ...facts, arrivals }, { hash, message, known });
    if (missed === undefined) return undefined;
    const { arrival, payouts, isNew } = missed;
    if (!isNew) return arrival;
    log(
      `WARNING message ${message} had arrived in block ${arrival.block} with ${hash}, which no node told of`,
    );
    const read = { kind: "block", chain, ...facts, arrivals } as const;
    telling.publish({ kind: "recalled", chain, arrival, payouts, read });
    all.recall(arrival);
    return arrival;
  }
}
