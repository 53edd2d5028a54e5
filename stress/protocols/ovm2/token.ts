import { type BlockTag, callContract, type Node } from "../../engine/rpc/index.ts";
import { paymentMoves, type TransactionPlan } from "../../engine/transactions/index.ts";
import { ABI } from "./contracts.ts";
import { TOKENS } from "./operation.ts";

/** Smallest units of an ERC-20 token that an account has. */
export async function tokenBalance(
  node: Node,
  token: string,
  account: string,
  block?: BlockTag,
): Promise<bigint> {
  const [balance] = await callContract(node, ABI.ERC20, token, "balanceOf", [account], block);
  return BigInt(String(balance));
}

/** Pays an amount of a token. */
export const payTokens = (token: string, to: string, amount: bigint): TransactionPlan => ({
  to: token,
  data: ABI.ERC20.encodeFunctionData("transfer", [to, amount]),
  value: 0n,
  moves: paymentMoves(to, amount, TOKENS),
});

/** Lets `spender` take an amount of a token. */
export const approveTokens = (token: string, spender: string, amount: bigint): TransactionPlan => ({
  to: token,
  data: ABI.ERC20.encodeFunctionData("approve", [spender, amount]),
  value: 0n,
  moves: [],
});
