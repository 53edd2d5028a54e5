import type { Chain } from "../../engine/base/index.ts";
import { BALANCE, type Move } from "../../engine/ledger/index.ts";
import type { TransactionPlan } from "../../engine/transactions/index.ts";
import type { SendStep } from "../operation.ts";
import { ABI, type Contracts, POOL_ABI, POOL_ETH } from "./contracts.ts";
import { crossingMoves, rewardMoves, stakeMoves, unstakeMoves } from "./moves.ts";
import { FAST, SLOW } from "./operation.ts";
import { PREDEPLOYS } from "./predeploys.ts";

// The contract calls that move money, each built in one place: operations, funding and refunds use the same. Amounts in wei.

/** L2 gas limit of a deposit's message, as the predecessor set it: less can fail on L2 without a trace. */
const DEPOSIT_L2_GAS = 8_000_000;

/** Data that goes along with a withdrawal, as the predecessor sent it; nothing reads it. */
const EXTRA_DATA = "0x41424344";

/** A step that sends ETH to the other chain. */
type CrossingStep = Omit<SendStep, "kind">;

const poolCall = (
  contracts: Contracts,
  chain: Chain,
  method: string,
  args: readonly unknown[],
  moves: readonly Move[],
  value = 0n,
): TransactionPlan => ({
  to: contracts.pool[chain],
  data: POOL_ABI[chain].encodeFunctionData(method, args),
  value,
  moves,
});

/** A deposit in a pool: it takes whatever it is brought. */
const poolDeposit = (...call: Parameters<typeof poolCall>): TransactionPlan => ({
  ...poolCall(...call),
  alike: true,
});

/** Adds liquidity to a chain's ETH pool. */
export const addLiquidityCall = (contracts: Contracts, chain: Chain, amount: bigint): TransactionPlan =>
  poolDeposit(contracts, chain, "addLiquidity", [amount, POOL_ETH[chain]], stakeMoves(amount), amount);

/** Takes a stake out of a chain's pool. */
export const withdrawLiquidityCall = (contracts: Contracts, chain: Chain, amount: bigint, to: string) =>
  poolCall(contracts, chain, "withdrawLiquidity", [amount, POOL_ETH[chain], to], unstakeMoves(amount, to));

/** Takes rewards out of a chain's pool. */
export const withdrawRewardCall = (contracts: Contracts, chain: Chain, amount: bigint, to: string) =>
  poolCall(contracts, chain, "withdrawReward", [amount, POOL_ETH[chain], to], rewardMoves(amount, to));

/**
 * Deposits into the pool of a chain; the other chain's pool pays out.
 *
 * @param exitFee tokens that an exit costs
 */
export function fastCrossing(
  contracts: Contracts,
  chain: Chain,
  amount: bigint,
  exitFee: bigint | undefined,
): CrossingStep {
  const crossing = { way: FAST, asset: BALANCE, amount };
  // On L1 the amount is the transaction's value; the argument is for tokens. Only exits cost tokens.
  const plan =
    chain === 1
      ? poolDeposit(contracts, 1, "clientDepositL1", [0, POOL_ETH[1]], crossingMoves(amount), amount)
      : poolDeposit(
          contracts,
          2,
          "clientDepositL2",
          [amount, POOL_ETH[2]],
          crossingMoves(amount, exitFee),
          amount,
        );
  return { chain, plan, crossing };
}

/** Deposits through the L1 standard bridge. */
export const deposit = (contracts: Contracts, amount: bigint): CrossingStep => ({
  chain: 1,
  plan: {
    to: contracts.bridge[1],
    data: ABI.L1StandardBridge.encodeFunctionData("depositETH", [DEPOSIT_L2_GAS, "0x"]),
    value: amount,
    moves: crossingMoves(amount),
    alike: true,
  },
  crossing: { way: SLOW, asset: BALANCE, amount },
});

/** Withdraws through the L2 standard bridge. */
export const withdrawal = (contracts: Contracts, amount: bigint): CrossingStep => ({
  chain: 2,
  plan: {
    to: contracts.bridge[2],
    // The third argument, L1 gas, is unused.
    data: ABI.L2StandardBridge.encodeFunctionData("withdraw", [PREDEPLOYS.eth, amount, 0, EXTRA_DATA]),
    // The bridge burns the amount: the transaction itself carries no value.
    value: 0n,
    moves: crossingMoves(amount),
    alike: true,
  },
  crossing: { way: SLOW, asset: BALANCE, amount },
});
