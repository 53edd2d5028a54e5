import { type Result, ZeroAddress } from "ethers";
import {
  type Chain,
  type Clock,
  otherChain,
  type PerChain,
  perChainAsync,
} from "../../../engine/base/index.ts";
import type { Arrival, BlockFacts, Message, MessageId, Payout } from "../../../engine/chain/index.ts";
import { BALANCE, type Move } from "../../../engine/ledger/index.ts";
import type { Log, Node, SeenTransaction, TxHash } from "../../../engine/rpc/index.ts";
import { decodeEvent, topicOf } from "../../decode.ts";
import type { SendStep } from "../../operation.ts";
import { eventsIn } from "../../past-events.ts";
import type { BlockRange, SendingReceipt } from "../../protocol.ts";
import { ABI } from "../contracts.ts";
import { depositOfMessage, fastMessageId } from "../fast/deposit-id.ts";
import { disbursementsOf, PAID } from "../fast/disbursement.ts";
import { FastLimits } from "../fast/limits.ts";
import { crossingMoves } from "../moves.ts";
import { type EventSource, FAST, type FastDeposits, type Way } from "../operation.ts";

const FAST_BRIDGE = ABI.Teleportation;

const RECEIVED = topicOf(FAST_BRIDGE, "AssetReceived");
const FAILED = topicOf(FAST_BRIDGE, "DisbursementFailed");

/** How the fast bridge names ETH among tokens. */
const ETH = ZeroAddress;

/** What the way is followed with. */
export interface FastSources {
  readonly nodes: PerChain<Node>;
  /** The fast bridge's contract on each chain. */
  readonly contracts: PerChain<string>;
  readonly clock: Clock;
}

/**
 * The way through Boba's Light Bridge, as far as ETH takes it: a deposit on one chain is paid out in full by a disburser on the
 * other. Where an account refused it, the bridge keeps the money and tries again.
 */
export class FastWay implements Way, FastDeposits {
  readonly limits: FastLimits;
  readonly #sources: FastSources;
  readonly #chainIds: PerChain<bigint>;

  private constructor(sources: FastSources, chainIds: PerChain<bigint>) {
    this.limits = new FastLimits({ ...sources, chainIds });
    this.#sources = sources;
    this.#chainIds = chainIds;
  }

  static async open(sources: FastSources): Promise<FastWay> {
    return new FastWay(sources, await perChainAsync((chain) => sources.nodes[chain].chainId()));
  }

  /** The step that deposits ETH on a chain. Wei. */
  deposit(chain: Chain, amount: bigint): Omit<SendStep, "kind"> {
    const args = [ETH, amount, this.#chainIds[otherChain(chain)]];
    return {
      chain,
      plan: {
        to: this.#sources.contracts[chain],
        data: FAST_BRIDGE.encodeFunctionData("teleportAsset", args),
        value: amount,
        moves: crossingMoves(amount),
        alike: true,
      },
      crossing: { way: FAST, asset: BALANCE, amount },
    };
  }

  interest(chain: Chain): readonly EventSource[] {
    const address = this.#sources.contracts[chain];
    return [RECEIVED, FAILED, ...PAID.keys()].map((topic) => ({ address, topic }));
  }

  sent(chain: Chain, { logs }: Pick<SendingReceipt, "logs">): Message | undefined {
    for (const log of this.#own(chain, logs)) {
      if (log.topics[0] !== RECEIVED) continue;
      const received = decodeEvent(FAST_BRIDGE, "AssetReceived", log);
      // It may lead to other chains, too.
      if (BigInt(received["toChainId"]) !== this.#chainIds[otherChain(chain)]) continue;
      const { sourceChainId, depositId } = idIn(received);
      return { id: fastMessageId({ sourceChainId, depositId }), place: depositId };
    }
    return undefined;
  }

  arrivals(
    chain: Chain,
    { logs }: Pick<BlockFacts, "logs">,
    warn: (line: string) => void,
  ): readonly Arrival[] {
    return this.#own(chain, logs).flatMap((log) => {
      const event = PAID.get(log.topics[0] ?? "");
      if (event !== undefined) return this.#paid(chain, log, event) ?? [];
      return log.topics[0] === FAILED ? (this.#failed(chain, log, warn) ?? []) : [];
    });
  }

  async arrivalOf(
    chain: Chain,
    message: MessageId,
    within?: BlockRange,
  ): Promise<TxHash | "unknown" | undefined> {
    const deposit = depositOfMessage(message);
    if (deposit?.sourceChainId !== this.#chainIds[otherChain(chain)]) return undefined;
    const { nodes, contracts } = this.#sources;
    const logs = await disbursementsOf({ node: nodes[chain], contract: contracts[chain] }, deposit, within);
    if (logs === undefined || logs === "unknown") return logs;
    return this.arrivals(chain, { logs }, () => undefined).find(({ id }) => id === message)?.hash;
  }

  async payouts(chain: Chain, blocks: BlockRange): Promise<Payout[]> {
    const { nodes, contracts } = this.#sources;
    const filter = { address: contracts[chain], topics: [[...PAID.keys()]] };
    const logs = await eventsIn(nodes[chain], filter, blocks);
    return this.arrivals(chain, { logs }, () => undefined).flatMap(({ payouts }) => payouts);
  }

  movesOf({ to, data, value }: SeenTransaction, chain: Chain): readonly Move[] | undefined {
    if (data === "0x" || to !== this.#sources.contracts[chain].toLowerCase()) return undefined;
    const isDeposit = FAST_BRIDGE.parseTransaction({ data })?.name === "teleportAsset";
    return isDeposit && value > 0n ? crossingMoves(value) : [];
  }

  #own(chain: Chain, logs: readonly Log[]): readonly Log[] {
    const own = this.#sources.contracts[chain].toLowerCase();
    return logs.filter(({ address }) => address === own);
  }

  #paid(chain: Chain, log: Log, event: string): Arrival | undefined {
    const args = decodeEvent(FAST_BRIDGE, event, log);
    // What is tried again is ETH always, and its event names no token.
    const isEther = event !== "DisbursementSuccess" || String(args["token"]) === ETH;
    const [to, amount] = [String(args["to"]), BigInt(args["amount"])];
    const payout = { way: FAST, asset: BALANCE, to, amount, fee: 0n, ...placeOf(log) };
    return this.#arrival(chain, log, args, isEther ? [payout] : []);
  }

  #failed(chain: Chain, log: Log, warn: (line: string) => void): Arrival | undefined {
    const args = decodeEvent(FAST_BRIDGE, "DisbursementFailed", log);
    const arrival = this.#arrival(chain, log, args, []);
    if (arrival === undefined) return undefined;
    const { id, hash } = arrival;
    warn(
      `WARNING message ${id} could not be disbursed to ${String(args["to"])} by ${hash}; it may come again`,
    );
    return { ...arrival, isRepeatable: true, isTriedAgain: true };
  }

  /** Undefined where the deposit was made on a chain that is none of the pair. */
  #arrival(chain: Chain, log: Log, args: Result, payouts: readonly Payout[]): Arrival | undefined {
    const deposit = idIn(args);
    if (deposit.sourceChainId !== this.#chainIds[otherChain(chain)]) return undefined;
    const id = fastMessageId(deposit);
    return { id, queue: "fast bridge", ...placeOf(log), payouts, answer: undefined };
  }
}

const idIn = (args: Result) => ({
  sourceChainId: BigInt(args["sourceChainId"]),
  depositId: BigInt(args["depositId"]),
});

const placeOf = ({ transactionHash: hash, blockNumber: block, logIndex }: Log) => ({ hash, block, logIndex });
