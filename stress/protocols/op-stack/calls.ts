import { type Chain, otherChain, type PerChain } from "../../engine/base/index.ts";
import { BALANCE } from "../../engine/ledger/index.ts";
import { callContract, type Node } from "../../engine/rpc/index.ts";
import type { TransactionPlan } from "../../engine/transactions/index.ts";
import { TOKENS } from "../erc20.ts";
import type { Crossing, SendStep } from "../operation.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { encodeRelay } from "./messages.ts";
import { crossingMoves } from "./moves.ts";
import { PORTAL, SLOW, TOKEN } from "./operation.ts";
import type { FailedMessage } from "./ways/failed-messages.ts";

// The contract calls that move money, each built in one place: operations, funding and refunds use the same. Amounts in wei.

/**
 * The portal burns what L2's gas costs by its resource metering: the price of that may rise 2.1 times a block (`ResourceMetering`:
 * elasticity 10, denominator 8), in each that others deposit in until this one is mined.
 */
const WHILE_OTHERS_DEPOSIT = 4n;

/** Only L1 meters: what L2 sends is carried out by whoever pays for it, and takes the same gas whatever others do. */
const meteredOn = (chain: Chain): Pick<TransactionPlan, "mayTakeTimes" | "alike"> =>
  chain === 1 ? { mayTakeTimes: WHILE_OTHERS_DEPOSIT } : { alike: true };

/** A step that sends money to the other chain. */
export type CrossingStep = Omit<SendStep, "kind" | "crossing"> & { readonly crossing: Crossing };

/**
 * Sends ETH through a chain's standard bridge to the sender's own account on the other chain.
 *
 * @param minimumGas what its arrival may use
 */
export const bridgeEth = (
  { bridge }: Contracts,
  chain: Chain,
  amount: bigint,
  minimumGas: bigint,
): CrossingStep => ({
  chain,
  plan: {
    to: bridge[chain],
    data: ABI.StandardBridge.encodeFunctionData("bridgeETH", [minimumGas, "0x"]),
    value: amount,
    moves: crossingMoves(amount),
    ...meteredOn(chain),
  },
  crossing: { way: SLOW, asset: BALANCE, amount },
});

/**
 * Sends some of the token through a chain's standard bridge to the sender's own account on the other chain. L1's bridge must have been
 * allowed to take it; L2's burns what is its own.
 *
 * @param token on each chain
 * @param amount smallest units
 */
export const bridgeTokens = (
  { bridge }: Contracts,
  token: PerChain<string>,
  chain: Chain,
  amount: bigint,
  minimumGas: bigint,
): CrossingStep => {
  const args = [token[chain], token[otherChain(chain)], amount, minimumGas, "0x"];
  return {
    chain,
    plan: {
      to: bridge[chain],
      data: ABI.StandardBridge.encodeFunctionData("bridgeERC20", args),
      value: 0n,
      moves: crossingMoves(amount, TOKENS),
      ...meteredOn(chain),
    },
    crossing: { way: TOKEN, asset: TOKENS, amount },
  };
};

/**
 * Deposits through the portal alone, to an account on L2.
 *
 * @param gas what its arrival may use
 */
export const depositTo = ({ portal }: Contracts, to: string, amount: bigint, gas: bigint): CrossingStep => ({
  chain: 1,
  plan: {
    to: portal,
    data: ABI.OptimismPortal.encodeFunctionData("depositTransaction", [to, amount, gas, false, "0x"]),
    value: amount,
    moves: crossingMoves(amount),
    ...meteredOn(1),
  },
  crossing: { way: PORTAL, asset: BALANCE, amount },
});

/**
 * Has a message carried out once more that failed where it arrived. Whom it pays, its payout tells. An estimate of it would be what it
 * takes to fail once more, which is no revert: the messenger itself says what it needs.
 */
export async function replay(
  nodes: PerChain<Pick<Node, "call">>,
  { messenger }: Contracts,
  { chain, message }: FailedMessage,
): Promise<TransactionPlan> {
  const to = messenger[chain];
  const args = [message.message, message.minGas];
  const [gas] = await callContract(nodes[chain], ABI.CrossDomainMessenger, to, "baseGas", args);
  return { to, data: encodeRelay(message), value: 0n, moves: [], gas: BigInt(String(gas)) };
}
