import { ZeroAddress } from "ethers";
import { type Chain, type Clock, otherChain, type PerChain } from "../../../engine/base/index.ts";
import { callContract, type Node } from "../../../engine/rpc/index.ts";
import { ABI } from "../contracts.ts";

/** What one side of the fast bridge allows of ETH for the other chain, as its contract has it. Wei. */
interface Rules {
  readonly isPaused: boolean;
  readonly isSupported: boolean;
  readonly least: bigint;
  readonly most: bigint;
  /** All deposits of a day together, and those of the day that began at `since` (Unix seconds). */
  readonly mostInADay: bigint;
  readonly movedToday: bigint;
  readonly since: bigint;
}

const DAY_S = 86_400n;

/** A chain's clock may be behind ours by so much: a day counts as over only then. Seconds. */
const BEHIND_S = 120n;

/** What the limits are read from. */
export interface LimitSources {
  readonly nodes: PerChain<Node>;
  readonly contracts: PerChain<string>;
  readonly chainIds: PerChain<bigint>;
  readonly clock: Clock;
}

/**
 * What may be deposited in the fast bridge: its limits for each deposit and for a day, less what this run's crossings under way
 * are about to take of them, so that no limit is reached by a transaction that then reverts. Wei.
 */
export class FastLimits {
  readonly #sources: LimitSources;
  readonly #rules: { -readonly [C in Chain]: Rules | undefined } = { 1: undefined, 2: undefined };
  readonly #owed = { 1: 0n, 2: 0n };

  constructor(sources: LimitSources) {
    this.#sources = sources;
  }

  /** Reads a chain's side in the state of a block. */
  async read(chain: Chain, block: number): Promise<void> {
    const { nodes, contracts, chainIds } = this.#sources;
    const ask = (method: string, ...args: unknown[]) =>
      callContract(nodes[chain], ABI.Teleportation, contracts[chain], method, args, block);
    const [[isPaused], token] = await Promise.all([
      ask("paused"),
      ask("supportedTokens", ZeroAddress, chainIds[otherChain(chain)]),
    ]);
    const [least = 0n, most = 0n, mostInADay = 0n, movedToday = 0n, since = 0n] = token
      .slice(1)
      .map((value) => BigInt(String(value)));
    const isSupported = token[0] === true;
    this.#rules[chain] = {
      isPaused: isPaused === true,
      isSupported,
      least,
      most,
      mostInADay,
      movedToday,
      since,
    };
  }

  /** Why the bridge would not take this deposit, or not pay it out on the other chain; undefined: it would. */
  refusal(from: Chain, amount: bigint): string | undefined {
    const { 1: one, 2: two } = this.#rules;
    if (one === undefined || two === undefined) return "the fast bridge is not read yet";
    if (one.isPaused || two.isPaused) return "the fast bridge is paused";
    if (!one.isSupported || !two.isSupported) return "the fast bridge does not take ETH between these chains";
    const { least, most } = from === 1 ? one : two;
    if (amount < least) return "below the least that the fast bridge takes";
    if (amount > most) return "over the most that the fast bridge takes at once";
    return amount > this.#leftToday(from) ? "over what the fast bridge still takes today" : undefined;
  }

  /** Sets a deposit aside; the returned function releases it. */
  owe(from: Chain, amount: bigint): () => void {
    this.#owed[from] += amount;
    return () => {
      this.#owed[from] -= amount;
    };
  }

  /** What is left of a chain's day. What is deposited already and not paid out yet counts twice: rather too little than too much. */
  #leftToday(from: Chain): bigint {
    const rules = this.#rules[from];
    if (rules === undefined) return 0n;
    const now = BigInt(Math.floor(this.#sources.clock.now() / 1000));
    const isOver = now - BEHIND_S >= rules.since + DAY_S;
    return rules.mostInADay - (isOver ? 0n : rules.movedToday) - this.#owed[from];
  }
}
