import type { Chain, PerChain } from "../../engine/base/index.ts";
import type { Operation } from "../operation.ts";
import type { Contracts } from "./contracts.ts";
import type { ExitFee } from "./exit-fee.ts";

/** The bridge as its operations see it. Amounts in wei. */
export interface OvmView {
  readonly contracts: Contracts;
  /** What a fast exit costs in tokens; undefined: nothing. */
  readonly exitFee: ExitFee | undefined;
  /** Accounts whose tokens the L2 pool may take for exit fees. */
  readonly approvals: Set<string>;
  /** What the chain's pool can pay out beyond what it already owes to this run's crossings. */
  poolFree(chain: Chain): bigint;
  /** Sets aside what will be taken out of a chain's pool; the returned function releases it. */
  owe(chain: Chain, amount: bigint): () => void;
}

/** The two ways between the chains: through the liquidity pools, and through the standard bridge. */
export const FAST = "fast";
export const SLOW = "slow";

/** A contract event that pays a crossing out in ETH, and the names of its arguments. */
export interface PayoutEvent {
  readonly way: typeof FAST | typeof SLOW;
  readonly contract: "L1LiquidityPool" | "L2LiquidityPool" | "L1StandardBridge" | "L2StandardBridge";
  readonly event: string;
  readonly to: string;
  readonly amount: string;
  /** What a pool kept of the deposit. */
  readonly fee?: string;
  /** The token, where others are paid with the same event. */
  readonly token?: string;
}

/** An operation of this protocol. */
export interface OvmOperation extends Operation<OvmView> {
  /** The events that it is paid out with, and settled back where that may happen. */
  readonly payouts?: readonly PayoutEvent[];
}

/** Declares one; the compiler checks that it is whole. */
export const defineOvmOperation = (operation: OvmOperation): OvmOperation => operation;

/** The arguments that a pool's payments have in common. */
export const POOL_PAYMENT = {
  way: FAST,
  to: "sender",
  amount: "amount",
  fee: "totalFee",
  token: "tokenAddress",
} as const;

/** Names of what accounts own beside ETH in their hands: ETH in a pool, and the token that exit fees are paid in. */
export const STAKE = "stake";
export { TOKENS } from "../erc20.ts";

const TOO_MUCH: PerChain<string> = { 1: "over half of the L1 pool", 2: "over half of the L2 pool" };

/** Why a pool may not be asked for this much by one crossing, or undefined: half of what it can spare is the most. */
export const tooMuchFor = (chain: Chain, amount: bigint, bridge: OvmView): string | undefined =>
  2n * amount > bridge.poolFree(chain) ? TOO_MUCH[chain] : undefined;
