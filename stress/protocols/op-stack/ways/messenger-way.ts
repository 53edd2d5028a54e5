import { type Chain, otherChain, type PerChain } from "../../../engine/base/index.ts";
import type { Arrival, BlockFacts, Message, MessageId, Payout } from "../../../engine/chain/index.ts";
import type { Move } from "../../../engine/ledger/index.ts";
import {
  callContract,
  type Log,
  type Node,
  type SeenTransaction,
  type TxHash,
} from "../../../engine/rpc/index.ts";
import { tokenMoves, TOKENS } from "../../erc20.ts";
import { decodeEvent, topicOf } from "../../decode.ts";
import { eventsIn, latestEvents } from "../../past-events.ts";
import type { BlockRange, SendingReceipt } from "../../protocol.ts";
import { ABI, type Contracts } from "../contracts.ts";
import { depositsOf } from "../deposits.ts";
import { messageId, placeOf, SENT, SENT_VALUE, sentMessages } from "../messages.ts";
import { crossingMoves } from "../moves.ts";
import type { EventSource, Way } from "../operation.ts";
import { payoutSources, payoutsIn } from "../payouts.ts";
import { RELAY_TOPICS, relaysIn } from "../relays.ts";
import { MESSAGE_PASSED, withdrawalsIn } from "../withdrawals/withdrawal.ts";
import { FailedMessages } from "./failed-messages.ts";

const WITHDRAWAL_FINALIZED = topicOf(ABI.OptimismPortal, "WithdrawalFinalized");

/** Withdrawals whose messages are remembered. */
const KEPT = 100_000;

/** What the way is followed with. */
export interface MessengerSources {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
}

/** The way through the messengers, which the standard bridge sends its money by: messages with an id that both chains tell. */
export class MessengerWay implements Way {
  readonly failed = new FailedMessages();
  readonly #sources: MessengerSources;
  /** Of withdrawals that were seen on L2, by their hashes: L1 tells of them by these. */
  readonly #messages = new Map<string, MessageId>();

  constructor(sources: MessengerSources) {
    this.#sources = sources;
  }

  interest(chain: Chain): readonly EventSource[] {
    const { contracts } = this.#sources;
    const messenger = [SENT, SENT_VALUE, ...RELAY_TOPICS].map((topic) => ({
      address: contracts.messenger[chain],
      topic,
    }));
    const gate =
      chain === 1
        ? { address: contracts.portal, topic: WITHDRAWAL_FINALIZED }
        : { address: contracts.messagePasser, topic: MESSAGE_PASSED };
    return [...messenger, gate, ...payoutSources(chain, contracts)];
  }

  sent(chain: Chain, receipt: SendingReceipt): Message | undefined {
    const { contracts } = this.#sources;
    const [message] = sentMessages(chain, receipt.logs, contracts);
    if (message === undefined) return undefined;
    // The node that told of its block may have told nothing of its events.
    this.failed.sent(otherChain(chain), messageId(message), message);
    // L2 has all deposits in the order of L1, those of others and of the portal alone among them.
    const [deposit] = chain === 1 ? depositsOf(receipt, contracts) : [];
    return { id: messageId(message), place: deposit?.place ?? placeOf(message) };
  }

  arrivals(chain: Chain, { logs }: BlockFacts, warn: (line: string) => void): readonly Arrival[] {
    const { contracts } = this.#sources;
    this.#remember(chain, logs);
    const relayed = [...relaysIn(logs, contracts.messenger[chain].toLowerCase())].map(
      ({ id, succeeded, hash, blockNumber: block, logIndex, logs: own }): Arrival => {
        if (!succeeded)
          warn(`WARNING message ${id} failed when relayed by ${hash}; anybody may have it carried out again`);
        this.failed.relayed(id, succeeded);
        const queue = chain === 2 ? "deposits through the messenger" : undefined;
        const place = { hash, block, logIndex };
        const payouts = succeeded ? payoutsIn(own, chain, contracts) : [];
        return { id, queue, ...place, payouts, answer: undefined, isRepeatable: !succeeded };
      },
    );
    return chain === 1 ? [...relayed, ...this.#lost(logs)] : relayed;
  }

  /** Withdrawals that the portal paid to nobody, and never will: the call to their target failed. */
  #lost(logs: readonly Log[]): Arrival[] {
    const portal = this.#sources.contracts.portal.toLowerCase();
    return logs.flatMap((log) => {
      if (log.address !== portal || log.topics[0] !== WITHDRAWAL_FINALIZED) return [];
      const { withdrawalHash, success } = decodeEvent(ABI.OptimismPortal, "WithdrawalFinalized", log);
      const id = this.#messages.get(String(withdrawalHash));
      // Success says no more than that the messenger was called: what became of the message, it tells itself.
      if (success === true || id === undefined) return [];
      const { transactionHash: hash, blockNumber: block, logIndex } = log;
      return [{ id, queue: undefined, hash, block, logIndex, payouts: [], answer: undefined }];
    });
  }

  #remember(chain: Chain, logs: readonly Log[]): void {
    for (const message of sentMessages(chain, logs, this.#sources.contracts))
      this.failed.sent(otherChain(chain), messageId(message), message);
    if (chain === 1) return;
    for (const { hash, message } of withdrawalsIn(logs)) this.#messages.set(hash, message);
    for (const [hash] of this.#messages) {
      if (this.#messages.size <= KEPT) break;
      this.#messages.delete(hash);
    }
  }

  arrivalOf(chain: Chain, message: MessageId, within?: BlockRange): Promise<TxHash | "unknown" | undefined> {
    return this.#relayOf(chain, message, ["successfulMessages", "RelayedMessage"], within);
  }

  failureOf(chain: Chain, message: MessageId, within?: BlockRange): Promise<TxHash | "unknown" | undefined> {
    return this.#relayOf(chain, message, ["failedMessages", "FailedRelayedMessage"], within);
  }

  /** The transaction of an event that the messenger's own state knows of; undefined where it does not. */
  async #relayOf(
    chain: Chain,
    message: MessageId,
    [state, event]: readonly [state: string, event: string],
    within?: BlockRange,
  ): Promise<TxHash | "unknown" | undefined> {
    const { nodes, contracts } = this.#sources;
    const abi = ABI.CrossDomainMessenger;
    const address = contracts.messenger[chain];
    const [is] = await callContract(nodes[chain], abi, address, state, [message], within?.toBlock);
    if (is !== true) return undefined;
    const logs = await latestEvents(
      nodes[chain],
      { address, topics: [topicOf(abi, event), message] },
      within,
    );
    // That it happened is known, and nearly always all there is to it.
    return logs === "unknown" ? logs : (logs[0]?.transactionHash ?? "unknown");
  }

  async payouts(chain: Chain, blocks: BlockRange): Promise<Payout[]> {
    const { nodes, contracts } = this.#sources;
    const sources = payoutSources(chain, contracts);
    const address = [...new Set(sources.map((one) => one.address))];
    const topics = [sources.map((one) => one.topic)];
    return payoutsIn(await eventsIn(nodes[chain], { address, topics }, blocks), chain, contracts);
  }

  movesOf({ to, data, value }: SeenTransaction, chain: Chain): readonly Move[] | undefined {
    const { bridge, messenger, token } = this.#sources.contracts;
    if (data === "0x") return undefined;
    // What it carries out once more pays others: its payouts tell.
    if (to === messenger[chain].toLowerCase()) return value === 0n ? [] : crossingMoves(value);
    if (to === token?.[chain].toLowerCase()) return tokenMoves({ data });
    if (to !== bridge[chain].toLowerCase()) return undefined;
    const call = ABI.StandardBridge.parseTransaction({ data });
    if (call?.name === "bridgeETH") return crossingMoves(value);
    if (call?.name !== "bridgeERC20") return [];
    const [local, , amount] = call.args;
    return String(local) === token?.[chain] ? crossingMoves(BigInt(amount), TOKENS) : [];
  }
}
