import type { Interface } from "ethers";
import type { Chain } from "../../engine/base/index.ts";
import type { Move } from "../../engine/ledger/index.ts";
import type { SeenTransaction } from "../../engine/rpc/index.ts";
import { tokenMoves } from "../erc20.ts";
import { ABI, type Contracts, POOL_ABI, POOL_ETH } from "./contracts.ts";
import type { ExitFee } from "./exit-fee.ts";
import { crossingMoves, rewardMoves, stakeMoves, unstakeMoves } from "./moves.ts";

/**
 * What a transaction of ours moved: the calls of `calls.ts` read backwards, for who has nothing but the chain and the
 * journal's hashes.
 *
 * @returns undefined where it calls none of the bridge's contracts
 */
export function readCall(
  call: SeenTransaction,
  chain: Chain,
  contracts: Contracts,
  exitFee: ExitFee | undefined,
): readonly Move[] | undefined {
  const { to, data } = call;
  if (data === "0x" || to === undefined) return undefined;
  if (is(to, contracts.pool[chain])) return poolMoves(call, chain, exitFee);
  if (is(to, contracts.bridge[chain])) return bridgeMoves(call, chain);
  if (exitFee === undefined || !is(to, exitFee.token)) return undefined;
  return tokenMoves(call);
}

const is = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function parsed(abi: Interface, data: string): { name: string; args: readonly string[] } {
  const call = abi.parseTransaction({ data });
  return { name: call?.name ?? "", args: call === null ? [] : call.args.toArray().map(String) };
}

function poolMoves({ data, value }: SeenTransaction, chain: Chain, exitFee: ExitFee | undefined): Move[] {
  const { name, args } = parsed(POOL_ABI[chain], data);
  const [amount = "0", token, to = ""] = args;
  switch (name) {
    case "addLiquidity":
      return stakeMoves(value);
    case "withdrawLiquidity":
      return token === POOL_ETH[chain] ? unstakeMoves(BigInt(amount), to) : [];
    case "withdrawReward":
      return token === POOL_ETH[chain] ? rewardMoves(BigInt(amount), to) : [];
    case "clientDepositL1":
      return crossingMoves(value);
    case "clientDepositL2":
      return crossingMoves(value, exitFee?.amount);
    default:
      return [];
  }
}

function bridgeMoves({ data, value }: SeenTransaction, chain: Chain): Move[] {
  const { name, args } = parsed(chain === 1 ? ABI.L1StandardBridge : ABI.L2StandardBridge, data);
  if (name === "depositETH") return crossingMoves(value);
  // The bridge burns the amount on L2: the transaction itself carries no value.
  if (name === "withdraw" && is(args[0] ?? "", POOL_ETH[2])) return crossingMoves(BigInt(args[1] ?? "0"));
  return [];
}
