import { Node, type Rpc, type TxHash } from "../rpc/index.ts";
import { BlockAhead } from "./block-ahead.ts";
import type { BlockFacts } from "./block-by-receipts.ts";
import { BlockReader } from "./block-reader.ts";
import type { BridgeReader } from "./bridge-reader.ts";
import type { EndpointHealth } from "./endpoint-health.ts";
import { InterestingEvents } from "./interest.ts";

/** What blocks are read with. */
export interface NewBlocksOptions {
  /** The endpoint, whose requests nobody repeats. */
  readonly rpc: Rpc;
  /** The same, whose requests are repeated. */
  readonly repeated: Rpc;
  readonly bridge: Pick<BridgeReader, "interest" | "readFees" | "awaited">;
  readonly health: EndpointHealth;
  /** Whether a transaction is one of the run's own. */
  readonly isOwn: (hash: TxHash) => boolean;
}

/** A block that was asked for ahead; undefined where it was not there yet, or none was. */
type Ahead = Promise<BlockFacts | undefined>;

const NOTHING: Ahead = Promise.resolve(undefined);

/** Reads a chain's new blocks, as far as they are wanted: those that a head told of, and the one that may be there with the next head. */
export class NewBlocks {
  readonly #reader: BlockReader;
  readonly #ahead: BlockAhead;
  readonly #health: EndpointHealth;
  readonly #isWanted: (hash: TxHash) => boolean;

  constructor({ rpc, repeated, bridge, health, isOwn }: NewBlocksOptions) {
    const events = new InterestingEvents(bridge.interest);
    const heard: Rpc = { ...repeated, send: (...call) => this.#hear(repeated.send(...call)) };
    this.#reader = new BlockReader(new Node(heard, bridge.readFees), bridge.interest, events);
    this.#ahead = new BlockAhead(rpc, bridge.readFees, events);
    this.#health = health;
    this.#isWanted = (hash) => isOwn(hash) || bridge.awaited?.has(hash) === true;
  }

  /** Asks for a block that no head told of yet. */
  askAhead(number: number): Ahead {
    if (!this.#reader.hasBlockReceipts) return NOTHING;
    const ahead = this.#ahead.ask(number, this.#isWanted);
    // It is nobody's where the head does not tell of the block.
    ahead.catch(() => undefined);
    return ahead;
  }

  /**
   * Reads the blocks `from` to `to`, both included, which a head told of. What a node does not have of them yet ends the list.
   *
   * @param ahead the first of them, where it was asked for ahead
   */
  async read(from: number, to: number, ahead: Ahead = NOTHING): Promise<readonly BlockFacts[]> {
    const first = await ahead;
    if (first === undefined) return this.#reader.read(from, to, this.#isWanted);
    this.#health.heard();
    return [first, ...(await this.#reader.read(from + 1, to, this.#isWanted))];
  }

  /** Reads a block's events again, those of one of its transactions by the receipt as well. */
  again(number: number, hash: TxHash): Promise<BlockFacts | undefined> {
    return this.#reader.again(number, hash);
  }

  /** Only what tells of blocks: an endpoint that answers nothing but its head is of no use. */
  async #hear(asked: Promise<unknown>): Promise<unknown> {
    const answer = await asked;
    this.#health.heard();
    return answer;
  }
}
