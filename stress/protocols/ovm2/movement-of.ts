import type { Interface } from "ethers";
import type { Chain } from "../../engine/base/chain.ts";
import { ABI, type Contracts, POOL_ABI, POOL_ETH } from "./contracts.ts";
import type { ExitFee } from "./exit-fee.ts";
import type { Movement } from "../../engine/ledger/movement.ts";

/** A transaction as a chain has it. Wei. */
export interface MinedCall {
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
}

const NOTHING: Movement = { kind: "nothing" };

/**
 * What a transaction of ours was to move: the calls of `calls.ts` read backwards, for who has nothing but the chain and the
 * journal's hashes.
 */
export function movementOf(
  call: MinedCall,
  chain: Chain,
  contracts: Contracts,
  exitFee: ExitFee | undefined,
): Movement {
  const { to, data, value } = call;
  if (data === "0x") return { kind: "payment", to, amount: value };
  if (is(to, contracts.pool[chain])) return poolMovement(call, chain, exitFee);
  if (is(to, contracts.bridge[chain])) return bridgeMovement(call, chain);
  if (exitFee !== undefined && is(to, exitFee.token)) {
    const { name, args } = parsed(ABI.ERC20, data);
    const [payee = "", amount = "0"] = args;
    return name === "transfer" ? { kind: "tokens", to: payee, amount: BigInt(amount) } : NOTHING;
  }
  return NOTHING;
}

const is = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function parsed(abi: Interface, data: string): { name: string; args: readonly string[] } {
  const call = abi.parseTransaction({ data });
  return { name: call?.name ?? "", args: call === null ? [] : call.args.toArray().map(String) };
}

function poolMovement({ data, value }: MinedCall, chain: Chain, exitFee: ExitFee | undefined): Movement {
  const { name, args } = parsed(POOL_ABI[chain], data);
  const [amount = "0", token, to = ""] = args;
  switch (name) {
    case "addLiquidity":
      return { kind: "stake", amount: value };
    case "withdrawLiquidity":
      return token === POOL_ETH[chain] ? { kind: "unstake", amount: BigInt(amount), to } : NOTHING;
    case "withdrawReward":
      return token === POOL_ETH[chain] ? { kind: "reward", amount: BigInt(amount), to } : NOTHING;
    case "clientDepositL1":
      return { kind: "crossing", amount: value };
    case "clientDepositL2":
      return exitFee === undefined
        ? { kind: "crossing", amount: value }
        : { kind: "crossing", amount: value, exitFee: exitFee.amount };
    default:
      return NOTHING;
  }
}

function bridgeMovement({ data, value }: MinedCall, chain: Chain): Movement {
  const { name, args } = parsed(chain === 1 ? ABI.L1StandardBridge : ABI.L2StandardBridge, data);
  if (name === "depositETH") return { kind: "crossing", amount: value };
  // The bridge burns the amount on L2: the transaction itself carries no value.
  if (name === "withdraw" && is(args[0] ?? "", POOL_ETH[2]))
    return { kind: "crossing", amount: BigInt(args[1] ?? "0") };
  return NOTHING;
}
