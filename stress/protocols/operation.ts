import type { Chain } from "../engine/base/chain.ts";
import type { Contracts } from "./ovm2/contracts.ts";
import type { ExitFee } from "./ovm2/exit-fee.ts";
import type { Draws } from "../engine/base/random.ts";
import type { TransactionPlan } from "../engine/transactions/sent-transaction.ts";

/** A child as an operation sees it. Amounts in wei. */
export interface ChildView {
  readonly number: number;
  readonly address: string;
  /** The chain it is on. */
  readonly on: Chain;
  balance(chain: Chain): bigint;
  /** What it has in the chain's liquidity pool. */
  stake(chain: Chain): bigint;
  /** What it has of the token that exit fees are paid in. */
  feeTokens?(): bigint;
  /** Whether the L2 pool may take exit fees from it. */
  readonly exitFeeApproved?: boolean;
}

/** The run around a child as an operation sees it. Amounts in wei. */
export interface Net {
  readonly contracts: Contracts;
  readonly funder: string;
  /** Addresses of all children, by number. */
  readonly children: readonly string[];
  readonly minimumBalance: bigint;
  /** What a fast exit costs in tokens; undefined: nothing. */
  readonly exitFee?: ExitFee | undefined;
  /** Most that a transaction with this much gas can cost. */
  feeBound(chain: Chain, gas: bigint): bigint;
  /** What the chain's pool can pay out beyond what it already owes to this run's crossings. */
  poolFree(chain: Chain): bigint;
  /** Whether a child may leave L2: one in five must stay. */
  mayLeaveL2(): boolean;
}

/** A contract event that pays a crossing out in ETH, and the names of its arguments. */
export interface PayoutEvent {
  readonly contract: "L1LiquidityPool" | "L2LiquidityPool" | "L1StandardBridge" | "L2StandardBridge";
  readonly event: string;
  readonly to: string;
  readonly amount: string;
  /** What a pool kept of the deposit. */
  readonly fee?: string;
  /** The token, where others are paid with the same event. */
  readonly token?: string;
}

/** How a crossing is paid out on the other chain, and how it fails with the money back where it started. */
export interface Payout extends PayoutEvent {
  readonly settledBack?: PayoutEvent;
}

/** What an operation of any kind has. */
interface OperationBase {
  /** Two letters, as in `logs/op.log`. */
  readonly code: string;
  readonly name: string;
  /** Whether the child is in the state for it at all; where it is not, it is not rolled for. Default: it is. */
  applies?(child: ChildView): boolean;
  /** The reason it cannot run now, or undefined where it can. */
  ready(child: ChildView, net: Net): string | undefined;
  /** What it sends. */
  build(child: ChildView, net: Net, draws: Draws): TransactionPlan;
}

/** An operation that begins and ends on the chain its child is on. */
export interface LocalOperation extends OperationBase {
  readonly from: "either";
}

/** An operation that starts on one chain and finishes on the other. */
export interface CrossingOperation extends OperationBase {
  readonly from: Chain;
  readonly to: Chain;
  readonly payout: Payout;
  /** What must be mined before it can be built, if anything is missing: an approval. */
  prepare?(child: ChildView, net: Net): TransactionPlan | undefined;
  /** The operation that takes its place where the pool is too small for it. */
  readonly fallback?: string;
}

export type Operation = LocalOperation | CrossingOperation;

/** Declares an operation; the compiler checks that it is whole. */
export const defineOperation = <const T extends Operation>(operation: T): T => operation;

/** Whether the operation waits for a payout on the other chain. */
export const isCrossing = (operation: Operation): operation is CrossingOperation =>
  operation.from !== "either";
