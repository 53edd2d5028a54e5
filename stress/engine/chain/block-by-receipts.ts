import type { Block, Log, Node, Receipt, TxHash, WantedReceipts } from "../rpc/index.ts";
import type { InterestingEvents } from "./interest.ts";

/** A block with what was asked of it. */
export interface BlockFacts {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
  /** In the order of the chain. */
  readonly logs: readonly Log[];
}

/** What is wanted of a block. */
export interface WantedOfBlock {
  /** Whether a transaction is waited for. */
  readonly isOwn: (hash: TxHash) => boolean;
  readonly events: InterestingEvents;
}

/** Of a block that is not there yet on the node that was asked for them: enough where the block has no transactions. */
const NO_RECEIPTS: WantedReceipts = {
  count: 0,
  blockHashes: new Set(),
  own: [],
  logs: [],
  haveEvents: false,
};

/** Reads a block by its header and all of its receipts, which are asked for together; undefined where the node does not have all of it yet. */
export async function blockByReceipts(
  node: Node,
  number: number,
  { isOwn, events }: WantedOfBlock,
): Promise<BlockFacts | undefined> {
  const isInteresting = (address: string, topic: string): boolean => events.has(address, topic);
  const [block, receipts = NO_RECEIPTS] = await Promise.all([
    node.block(number),
    node.blockReceipts(number, { isOwn, isInteresting }),
  ]);
  // A node that has the header before the receipts is asked again later.
  if (block === undefined || lacksTransactions(block)) return undefined;
  const { count, blockHashes, own, logs, haveEvents } = receipts;
  if (count < block.transactions.length) return undefined;
  // Two nodes behind one endpoint may be on two branches of the chain.
  if ([...blockHashes].some((hash) => hash !== block.hash)) return undefined;
  // A node may have the receipts before their events.
  if (events.areMissing(block, logs) && !haveEvents) return undefined;
  return { block, receipts: own, logs };
}

/** Whether the header says that there are transactions, and the node lists none: some have the one before the other. */
export const lacksTransactions = ({ hasReceipts, transactions }: Block): boolean =>
  hasReceipts === true && transactions.length === 0;
