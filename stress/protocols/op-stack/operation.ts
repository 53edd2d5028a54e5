import type { Chain } from "../../engine/base/index.ts";
import type { Arrival, BlockFacts, Message, MessageId, Payout } from "../../engine/chain/index.ts";
import type { Move } from "../../engine/ledger/index.ts";
import type { SeenTransaction, TxHash } from "../../engine/rpc/index.ts";
import type { Operation, SendStep } from "../operation.ts";
import type { BlockRange, SendingReceipt } from "../protocol.ts";
import type { Contracts } from "./contracts.ts";
import type { FastLimits } from "./fast/limits.ts";
import type { Metering } from "./metering.ts";
import type { MinimumGas } from "./minimum-gas.ts";
import type { Withdrawals } from "./withdrawals/withdrawals.ts";

/** The bridge as its operations see it. */
export interface OpStackView {
  readonly contracts: Contracts;
  readonly minimumGas: MinimumGas;
  readonly metering: Metering;
  readonly withdrawals: Withdrawals;
  /** Undefined where the target has no fast bridge. */
  readonly fast: FastDeposits | undefined;
  /** Accounts whose tokens L1's standard bridge may take. */
  readonly approvals: Set<string>;
}

/** What can be put into the fast bridge, and the step that does it. Wei. */
export interface FastDeposits {
  readonly limits: FastLimits;
  deposit(chain: Chain, amount: bigint): Omit<SendStep, "kind">;
}

/**
 * The ways between the chains: through the standard bridge and its messengers, for ETH and for the token, through the portal alone,
 * and through the fast bridge.
 */
export const SLOW = "slow";
export const TOKEN = "token";
export const PORTAL = "portal";
export const FAST = "fast";

/** An event that a way is followed by. */
export interface EventSource {
  readonly address: string;
  readonly topic: string;
}

/** One kind of way between the chains: how what it carries is told on both. */
export interface Way {
  /** The events that it is followed by on a chain. */
  interest(chain: Chain): readonly EventSource[];
  /** What a transaction sent by it. @throws {MalformedAnswer} */
  sent(chain: Chain, receipt: SendingReceipt): Message | undefined;
  /** What arrived by it. @throws {MalformedAnswer} */
  arrivals(chain: Chain, facts: BlockFacts, warn: (line: string) => void): readonly Arrival[];
  /** The transaction that a message arrived with: undefined where it has not, "unknown" where that is all that is known. */
  arrivalOf(chain: Chain, message: MessageId, within?: BlockRange): Promise<TxHash | "unknown" | undefined>;
  /** The transaction with which one that has not arrived failed to, where anybody may have it carried out once more. */
  failureOf?(chain: Chain, message: MessageId, within?: BlockRange): Promise<TxHash | "unknown" | undefined>;
  /** All that it paid in these blocks, to whomever. */
  payouts(chain: Chain, blocks: BlockRange, sent: readonly SendingReceipt[]): Promise<readonly Payout[]>;
  /** What a mined transaction of ours moved, where it is one of this way's. */
  movesOf(call: SeenTransaction, chain: Chain): readonly Move[] | undefined;
}

/** An operation of this protocol. */
export type OpStackOperation = Operation<OpStackView>;

/** Declares one; the compiler checks that it is whole. */
export const defineOpStackOperation = (operation: OpStackOperation): OpStackOperation => operation;
