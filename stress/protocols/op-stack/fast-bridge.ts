import type { Result } from "ethers";
import { type Chain, type Clock, otherChain, type PerChain, perChainAsync } from "../../engine/base/index.ts";
import type { Arrival, Interest, Message, Payout } from "../../engine/chain/index.ts";
import { BALANCE, CAUSES, type Move } from "../../engine/ledger/index.ts";
import type { Log, Node, SeenTransaction } from "../../engine/rpc/index.ts";
import type { SendStep } from "../operation.ts";
import { decodeEvent, topicOf } from "../decode.ts";
import { FastLimits } from "./fast-limits.ts";
import { ETH, fastMessageId, TELEPORTATION } from "./teleportation.ts";

/** The way through the fast bridge. */
export const FAST = "fast";

const RECEIVED = topicOf(TELEPORTATION, "AssetReceived");
const FAILED = topicOf(TELEPORTATION, "DisbursementFailed");

/** The events that pay a deposit out: at once, or after its account had refused it. */
const PAID = new Map(
  ["DisbursementSuccess", "DisbursementRetrySuccess"].map((event) => [topicOf(TELEPORTATION, event), event]),
);

/** The topics of what pays a deposit out. */
export const PAID_TOPICS: readonly string[] = [...PAID.keys()];

/** What the fast bridge is opened with. */
export interface FastBridgeParts {
  readonly nodes: PerChain<Node>;
  /** Its contract on each chain. */
  readonly contracts: PerChain<string>;
  readonly clock: Clock;
}

/**
 * Boba's Light Bridge, as far as ETH goes through it: a deposit on one chain is paid out in full by a disburser on the other.
 * Where an account refused it, the bridge keeps the money and tries again.
 */
export class FastBridge {
  readonly contracts: PerChain<string>;
  readonly chainIds: PerChain<bigint>;
  readonly limits: FastLimits;

  private constructor(parts: FastBridgeParts, chainIds: PerChain<bigint>) {
    this.contracts = parts.contracts;
    this.chainIds = chainIds;
    this.limits = new FastLimits({ ...parts, chainIds });
  }

  static async open(parts: FastBridgeParts): Promise<FastBridge> {
    return new FastBridge(parts, await perChainAsync((chain) => parts.nodes[chain].chainId()));
  }

  /** The events by which a chain's side is followed. */
  interest(chain: Chain): Interest {
    return {
      addresses: [this.contracts[chain].toLowerCase()],
      topics: [RECEIVED, FAILED, ...PAID_TOPICS],
    };
  }

  /** The step that deposits ETH on a chain. */
  crossing(chain: Chain, amount: bigint): Omit<SendStep, "kind"> {
    const to = this.chainIds[otherChain(chain)];
    return {
      chain,
      plan: {
        to: this.contracts[chain],
        data: TELEPORTATION.encodeFunctionData("teleportAsset", [ETH, amount, to]),
        value: amount,
        moves: depositMoves(amount),
      },
      crossing: { way: FAST, asset: BALANCE, amount },
    };
  }

  /** What a transaction of ours moved; undefined where it calls another contract. */
  movesOf({ to, data, value }: SeenTransaction, chain: Chain): readonly Move[] | undefined {
    if (to?.toLowerCase() !== this.contracts[chain].toLowerCase()) return undefined;
    const call = TELEPORTATION.parseTransaction({ data });
    return call?.name === "teleportAsset" && value > 0n ? depositMoves(value) : [];
  }

  /** The deposit among a transaction's events, if any, as the message that it is. */
  sent(chain: Chain, logs: readonly Log[]): Message | undefined {
    for (const log of this.#own(chain, logs)) {
      if (log.topics[0] !== RECEIVED) continue;
      const { sourceChainId, toChainId, depositId } = decodeEvent(TELEPORTATION, "AssetReceived", log);
      // It may lead to other chains, too.
      if (BigInt(toChainId) !== this.chainIds[otherChain(chain)]) continue;
      return { id: fastMessageId(BigInt(sourceChainId), BigInt(depositId)), place: BigInt(depositId) };
    }
    return undefined;
  }

  /** The deposits of the other chain that a block's events pay out, or could not pay out. */
  arrivals(chain: Chain, logs: readonly Log[], warn: (line: string) => void): Arrival[] {
    return this.#own(chain, logs).flatMap((log) => {
      const event = PAID.get(log.topics[0] ?? "");
      if (event !== undefined) return this.#paid(chain, log, event) ?? [];
      return log.topics[0] === FAILED ? (this.#failed(chain, log, warn) ?? []) : [];
    });
  }

  /** The payouts of ETH among some events. */
  payouts(chain: Chain, logs: readonly Log[]): Payout[] {
    return this.arrivals(chain, logs, () => undefined).flatMap(({ payouts }) => payouts);
  }

  #own(chain: Chain, logs: readonly Log[]): Log[] {
    const own = this.contracts[chain].toLowerCase();
    return logs.filter(({ address }) => address === own);
  }

  #paid(chain: Chain, log: Log, event: string): Arrival | undefined {
    const args = decodeEvent(TELEPORTATION, event, log);
    // What is tried again is ETH always, and its event names no token.
    const isEther = event !== "DisbursementSuccess" || String(args["token"]) === ETH;
    const [to, amount] = [String(args["to"]), BigInt(args["amount"])];
    const payout = { way: FAST, asset: BALANCE, to, amount, fee: 0n, ...placeOf(log) };
    return this.#arrival(chain, log, args, isEther ? [payout] : []);
  }

  #failed(chain: Chain, log: Log, warn: (line: string) => void): Arrival | undefined {
    const args = decodeEvent(TELEPORTATION, "DisbursementFailed", log);
    const arrival = this.#arrival(chain, log, args, []);
    if (arrival === undefined) return undefined;
    const { id, hash } = arrival;
    warn(
      `WARNING message ${id} could not be disbursed to ${String(args["to"])} by ${hash}; it may come again`,
    );
    return { ...arrival, isRepeatable: true, isTriedAgain: true };
  }

  /** Undefined where the deposit was made on another chain than ours. */
  #arrival(chain: Chain, log: Log, args: Result, payouts: readonly Payout[]): Arrival | undefined {
    const [sourceChainId, depositId] = [BigInt(args["sourceChainId"]), BigInt(args["depositId"])];
    if (sourceChainId !== this.chainIds[otherChain(chain)]) return undefined;
    const id = fastMessageId(sourceChainId, depositId);
    return { id, queue: log.address, ...placeOf(log), payouts, answer: undefined };
  }
}

const placeOf = ({ transactionHash: hash, blockNumber: block, logIndex }: Log) => ({ hash, block, logIndex });

const depositMoves = (amount: bigint): Move[] => [
  { asset: BALANCE, amount: -amount, cause: CAUSES.crossing },
];
