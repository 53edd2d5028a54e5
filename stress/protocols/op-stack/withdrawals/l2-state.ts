import { concat, keccak256, ZeroHash } from "ethers";
import { bytes, MalformedAnswer, type Node, objectOf, whole } from "../../../engine/rpc/index.ts";
import { PREDEPLOYS } from "../predeploys.ts";
import { slotOf } from "./withdrawal.ts";

/** What L2's state is proved with on L1: `Types.OutputRootProof`, as the portal's functions take it. */
export type OutputRootProof = readonly [
  version: string,
  stateRoot: string,
  messagePasserStorageRoot: string,
  latestBlockhash: string,
];

/** That a withdrawal was made, proved in the state of an L2 block. */
export interface WithdrawalProof {
  readonly output: OutputRootProof;
  readonly outputRoot: string;
  /** Nodes of the trie from the message passer's storage root to the withdrawal. */
  readonly nodes: readonly string[];
}

interface Header {
  readonly hash: string;
  readonly stateRoot: string;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** Version of output roots: the only one there is. */
const VERSION = ZeroHash;

/** L2's state as what is proposed of it claims to have it, and as what is proved of it needs it. */
export class L2State {
  readonly #node: Pick<Node, "rawBlock" | "proof">;
  /** By the block's hash: a reorganisation of L2 gives its number to another one. */
  readonly #roots = new Map<string, Promise<string>>();

  constructor(node: Pick<Node, "rawBlock" | "proof">) {
    this.#node = node;
  }

  /** @throws {MalformedAnswer} where the node does not have the block, which is asked for again */
  async header(number: number): Promise<Header> {
    const answer = await this.#node.rawBlock(number);
    if (answer === null) throw new MalformedAnswer(`L2 has no block ${number}`);
    const block = objectOf(answer, "block");
    return {
      hash: bytes(block["hash"], "hash"),
      stateRoot: bytes(block["stateRoot"], "stateRoot"),
      timestamp: whole(block["timestamp"], "timestamp"),
    };
  }

  /** The output root of a block: what a proposal of it has to be. Proved once for each block. */
  async outputRoot(number: number): Promise<string> {
    const { hash } = await this.header(number);
    const known = this.#roots.get(hash);
    if (known !== undefined) return known;
    const asked = this.prove(undefined, number).then(({ outputRoot }) => outputRoot);
    this.#roots.set(hash, asked);
    asked.catch(() => this.#roots.delete(hash));
    return asked;
  }

  /**
   * Proves a withdrawal in the state of a block. The storage root is that of the proof, and not the header's `withdrawalsRoot`, which
   * not every node has of the block itself.
   *
   * @param hash the withdrawal's; undefined: for the root alone
   */
  async prove(hash: string | undefined, number: number): Promise<WithdrawalProof> {
    const slots = hash === undefined ? [] : [slotOf(hash)];
    const [header, { storageHash, slots: proofs }] = await Promise.all([
      this.header(number),
      this.#node.proof(PREDEPLOYS.messagePasser, slots, number),
    ]);
    const output: OutputRootProof = [VERSION, header.stateRoot, storageHash, header.hash];
    return { output, outputRoot: keccak256(concat(output)), nodes: proofs[0] ?? [] };
  }

  /**
   * The last block at or before a time: blocks may be of any distance, several of a second included.
   *
   * @param seconds Unix seconds
   * @param newest a block that is there
   * @returns undefined where all up to the newest are at or before it: the last one may be still to come
   */
  async lastBlockAt(seconds: number, newest: number): Promise<number | undefined> {
    if ((await this.header(newest)).timestamp <= seconds) return undefined;
    let at = 0;
    // In between: `at` is at or before the time, `after` is after it.
    for (let after = newest; after - at > 1; ) {
      const middle = Math.floor((at + after) / 2);
      if ((await this.header(middle)).timestamp <= seconds) at = middle;
      else after = middle;
    }
    return at;
  }
}
