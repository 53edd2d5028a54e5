import type { Chain } from "../../engine/base/chain.ts";
import { ABI, type Contracts, POOL_ABI, POOL_ETH } from "./contracts.ts";
import type { TransactionPlan } from "../../engine/transactions/sent-transaction.ts";

// The contract calls that move money, each built in one place: operations, funding and refunds use the same. Amounts in wei.

/** L2 gas limit of a deposit's message, as the predecessor set it: less can fail on L2 without a trace. */
const DEPOSIT_L2_GAS = 8_000_000;

/** Adds liquidity to a chain's ETH pool. */
export const addLiquidityCall = (contracts: Contracts, chain: Chain, amount: bigint): TransactionPlan => ({
  to: contracts.pool[chain],
  data: POOL_ABI[chain].encodeFunctionData("addLiquidity", [amount, POOL_ETH[chain]]),
  value: amount,
  movement: { kind: "stake", amount },
});

/** Takes a stake out of a chain's pool. */
export const withdrawLiquidityCall = (
  contracts: Contracts,
  chain: Chain,
  amount: bigint,
  to: string,
): TransactionPlan => ({
  to: contracts.pool[chain],
  data: POOL_ABI[chain].encodeFunctionData("withdrawLiquidity", [amount, POOL_ETH[chain], to]),
  value: 0n,
  movement: { kind: "unstake", amount, to },
});

/** Takes rewards out of a chain's pool. */
export const withdrawRewardCall = (
  contracts: Contracts,
  chain: Chain,
  amount: bigint,
  to: string,
): TransactionPlan => ({
  to: contracts.pool[chain],
  data: POOL_ABI[chain].encodeFunctionData("withdrawReward", [amount, POOL_ETH[chain], to]),
  value: 0n,
  movement: { kind: "reward", amount, to },
});

/** Deposits into the pool of chain `from`; the other chain's pool pays out. */
export const fastCrossingCall = (
  contracts: Contracts,
  from: Chain,
  amount: bigint,
  exitFee: bigint | undefined,
): TransactionPlan => ({
  to: contracts.pool[from],
  data:
    from === 1
      ? // The amount is the transaction's value; the argument is for tokens.
        ABI.L1LiquidityPool.encodeFunctionData("clientDepositL1", [0, POOL_ETH[1]])
      : ABI.L2LiquidityPool.encodeFunctionData("clientDepositL2", [amount, POOL_ETH[2]]),
  value: amount,
  // Only exits cost tokens.
  movement:
    exitFee === undefined || from === 1
      ? { kind: "crossing", amount }
      : { kind: "crossing", amount, exitFee },
});

/** Deposits through the L1 standard bridge. */
export const depositCall = (contracts: Contracts, amount: bigint): TransactionPlan => ({
  to: contracts.bridge[1],
  data: ABI.L1StandardBridge.encodeFunctionData("depositETH", [DEPOSIT_L2_GAS, "0x"]),
  value: amount,
  movement: { kind: "crossing", amount },
});
