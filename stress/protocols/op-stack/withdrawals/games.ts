import { callContract, MalformedAnswer, type Node } from "../../../engine/rpc/index.ts";
import { ask, askNumber, askText } from "../ask.ts";
import { ABI } from "../contracts.ts";
import type { FalseProposals } from "./false-proposals.ts";
import { positionOf } from "./game-types.ts";
import type { L2State } from "./l2-state.ts";
import { TimedBlock } from "./timed-block.ts";
import { PerBlock, PerBlockAndKey } from "./per-block.ts";
import type { Proposal } from "./proposals.ts";
import { type SuperRoot, superRootIn } from "./super-root.ts";
import type { Withdrawal } from "./withdrawal.ts";

/** A dispute game, as much of it as never changes. */
export interface Game {
  readonly index: bigint;
  readonly address: string;
  readonly type: number;
  /** Unix seconds. */
  readonly createdAt: number;
  /** The L2 block whose state it is about; undefined while L2 has not got so far, by a game of a time, or for an unknown type. */
  block(newest: number): Promise<number | undefined>;
  readonly root: string;
  readonly superRoot: SuperRoot | undefined;
}

/** What games are read with. */
export interface GameSources {
  readonly l1: Node;
  readonly l2: Node;
  readonly factory: string;
  /** Whether its portal is of 4.0 or later, whose games call their place otherwise. */
  readonly isRecent: boolean;
  /** L2's chain id: of a super root it picks L2's own. */
  readonly chainId: bigint;
  readonly state: L2State;
  readonly falseOnes: FalseProposals;
  readonly warn: (line: string) => void;
}

/** What games call the block, or the time, that they are about: since portals of 4.0, and before. A factory may have both. */
const NEWER_NAMES = ["l2SequenceNumber", "l2BlockNumber"];

/** Games that are read at once. */
const AT_ONCE = 20;

/**
 * A game is made after the state that it is about: of those that are older than a withdrawal none covers it. Seconds that L1's clock
 * may be behind L2's.
 */
const CLOCKS_APART = 3600;

/** Whether a game may be proved against in the state of an L1 block. */
export type IsUsable = (game: Game, l1Block: number) => Promise<boolean>;

/** The games of a factory. It may be shared by chains, and have games of several types: each is asked for its own. */
export class Games {
  readonly #sources: GameSources;
  readonly #known = new Map<string, Promise<Game>>();
  readonly #count: PerBlock<bigint>;
  readonly #newest: PerBlock<number>;
  readonly #times = new Map<number, number>();
  readonly #listed = new PerBlockAndKey<readonly unknown[]>();
  /** Whether a game may be proved against, and is true. */
  readonly #good = new PerBlockAndKey<boolean>();

  constructor(sources: GameSources) {
    this.#sources = sources;
    this.#count = new PerBlock(async (block) => {
      const { l1, factory } = sources;
      const [count] = await callContract(l1, ABI.DisputeGameFactory, factory, "gameCount", [], block);
      return BigInt(String(count));
    });
    this.#newest = new PerBlock(() => sources.l2.blockNumber());
  }

  /** Seconds that the newest game may take until it is resolved; 0 where there is none, or it does not tell. */
  async clock(): Promise<number> {
    const { l1, factory } = this.#sources;
    // All of one block: a node that is behind another one does not have the newest game, and its call reverts.
    const at = await l1.blockNumber();
    const count = (await askNumber(l1, ABI.DisputeGameFactory, factory, "gameCount", [], at)) ?? 0n;
    if (count === 0n) return 0;
    const index = [count - 1n];
    const [, created, address] = await callContract(
      l1,
      ABI.DisputeGameFactory,
      factory,
      "gameAtIndex",
      index,
      at,
    );
    const game = String(address);
    // Games that more than one proof shortens tell when they are expected to be resolved, and no clock.
    const expected = await askNumber(l1, ABI.DisputeGame, game, "expectedResolution", [], at);
    if (expected !== undefined) return Math.max(0, Number(expected) - Number(created));
    return Number((await askNumber(l1, ABI.DisputeGame, game, "maxClockDuration", [], at)) ?? 0n);
  }

  /** The first game that covers a withdrawal, may be proved against, and is true. */
  async covering(
    { block: wanted }: Withdrawal,
    l1Block: number,
    isUsable: IsUsable,
  ): Promise<Proposal | undefined> {
    const [newest, time] = await Promise.all([this.#newest.at(l1Block), this.#timeOf(wanted)]);
    const found: (Proposal & { readonly createdAt: number })[] = [];
    for await (const game of this.#since(time - CLOCKS_APART, l1Block)) {
      const block = await game.block(newest);
      if (block === undefined || block < wanted || block > newest) continue;
      const { index, address, type, createdAt, root, superRoot } = game;
      const isGood = async () => (await isUsable(game, l1Block)) && this.#isTrue(game, block);
      if (!(await this.#good.at(l1Block, `${address} ${block}`, isGood))) continue;
      found.push({ index, block, root, game: address, type, superRoot, createdAt });
    }
    // The oldest is resolved first.
    return found.reduce<(typeof found)[number] | undefined>(
      (best, one) => (best === undefined || one.createdAt <= best.createdAt ? one : best),
      undefined,
    );
  }

  /** Unix seconds of an L2 block, as it was asked for first: a reorganisation does not change them by much. */
  async #timeOf(block: number): Promise<number> {
    const known = this.#times.get(block) ?? (await this.#sources.state.header(block)).timestamp;
    this.#times.set(block, known);
    return known;
  }

  /** Games as of an L1 block that were made since a time, newest first. */
  async *#since(seconds: number, l1Block: number): AsyncGenerator<Game> {
    for (let next = await this.#count.at(l1Block); next > 0n; ) {
      const indexes = Array.from(
        { length: Math.min(AT_ONCE, Number(next)) },
        (_, at) => next - 1n - BigInt(at),
      );
      next -= BigInt(indexes.length);
      for (const game of await Promise.all(indexes.map((index) => this.#at(index, l1Block)))) {
        if (game.createdAt < seconds) return;
        yield game;
      }
    }
  }

  async #at(index: bigint, l1Block: number): Promise<Game> {
    const { l1, factory } = this.#sources;
    const at = await this.#listed.at(l1Block, String(index), async () => {
      const listed = await ask(l1, ABI.DisputeGameFactory, factory, "gameAtIndex", [index], l1Block);
      // Counted in a block that a reorganisation has replaced by now.
      if (listed === undefined) throw new MalformedAnswer(`there is no game ${index} in L1 block ${l1Block}`);
      const game = String(listed[2]);
      return [...listed, await askText(l1, ABI.DisputeGame, game, "rootClaim", [], l1Block)];
    });
    const [type, createdAt, address, claim] = at.map(String);
    // By what it claims, too: a reorganisation of L1 gives the index to another one, at the same address where the factory's nonce
    // decides on that, and of the same time where the block in its place has it.
    const key = `${index} ${address} ${createdAt} ${claim}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const asked = this.#read(index, Number(type), Number(createdAt), address ?? "", l1Block);
    this.#known.set(key, asked);
    asked.catch(() => this.#known.delete(key));
    return asked;
  }

  async #read(
    index: bigint,
    type: number,
    createdAt: number,
    address: string,
    l1Block: number,
  ): Promise<Game> {
    const { l1, chainId, isRecent, state, warn } = this.#sources;
    const read = (method: string, args: readonly unknown[] = []) =>
      askText(l1, ABI.DisputeGame, address, method, args, l1Block);
    const numbered = (method: string) => askNumber(l1, ABI.DisputeGame, address, method, [], l1Block);
    const extraData = (await read("extraData")) ?? "0x";
    const position = positionOf(type, extraData);
    // Portals of version 3 have games that know their block by an older name.
    const [first, other] = isRecent ? NEWER_NAMES : NEWER_NAMES.toReversed();
    const number = Number((await numbered(first ?? "")) ?? (await numbered(other ?? "")) ?? -1);
    const superRoot = position === "time" ? superRootIn(extraData) : undefined;
    const claim = (await read("rootClaim")) ?? "0x";
    // Games that do not tell the claim of one chain claim what hashes the claims of all.
    const ofChain = superRoot?.entries.find((entry) => entry.chainId === chainId && superRoot.hash === claim);
    const root =
      position === "time" ? ((await read("rootClaimByChainId", [chainId])) ?? ofChain?.root ?? "0x") : claim;
    if (position === undefined)
      warn(
        `WARNING the game ${address} is of type ${type}, which is not known here: nothing is proved against it`,
      );
    const timed = new TimedBlock(state, number);
    return {
      index,
      address,
      type,
      createdAt,
      root,
      superRoot,
      block: async (newest) => {
        if (position === undefined) return undefined;
        return position === "block" ? number : timed.upTo(newest);
      },
    };
  }

  /** Whether a game claims what L2's own state says: one that does not is resolved for its challenger, in the end. */
  async #isTrue({ address, root, type }: Game, block: number): Promise<boolean> {
    const { state, falseOnes } = this.#sources;
    if ((await state.outputRoot(block)) === root) return true;
    falseOnes.note(`the game ${address} of type ${type}`, root, block);
    return false;
  }
}
