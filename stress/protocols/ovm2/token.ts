import { callContract } from "../../engine/rpc/call-contract.ts";
import { ABI } from "./contracts.ts";
import type { Rpc } from "../../engine/rpc/rpc.ts";
import type { TransactionPlan } from "../../engine/transactions/sent-transaction.ts";

/** Smallest units of an ERC-20 token that an account has. */
export async function tokenBalance(
  rpc: Rpc,
  token: string,
  account: string,
  block = "latest",
): Promise<bigint> {
  const [balance] = await callContract(rpc, ABI.ERC20, token, "balanceOf", [account], block);
  return BigInt(String(balance));
}

/** Pays an amount of a token. */
export const payTokens = (token: string, to: string, amount: bigint): TransactionPlan => ({
  to: token,
  data: ABI.ERC20.encodeFunctionData("transfer", [to, amount]),
  value: 0n,
  movement: { kind: "tokens", to, amount },
});

/** Lets `spender` take an amount of a token. */
export const approveTokens = (token: string, spender: string, amount: bigint): TransactionPlan => ({
  to: token,
  data: ABI.ERC20.encodeFunctionData("approve", [spender, amount]),
  value: 0n,
  movement: { kind: "nothing" },
});
