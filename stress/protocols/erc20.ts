import type { Move } from "../engine/ledger/index.ts";
import { type BlockTag, callContract, type Node, type SeenTransaction } from "../engine/rpc/index.ts";
import { paymentMoves, type TransactionPlan } from "../engine/transactions/index.ts";
import { Abi } from "./abi.ts";

/** The name in the books of what accounts own of a bridge's token. */
export const TOKENS = "tokens";

/** The part of the token standard that is used (ERC-20). */
const ERC20 = new Abi([
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function decimals() view returns (uint8)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function approve(address spender, uint256 amount) returns (bool)",
]);

/** Asks a token for a number. */
async function read(
  node: Node,
  token: string,
  method: string,
  args: readonly string[],
  block?: BlockTag,
): Promise<bigint> {
  const [answer] = await callContract(node, ERC20, token, method, args, block);
  return BigInt(String(answer));
}

/** Smallest units of an ERC-20 token that an account has. */
export const tokenBalance = (node: Node, token: string, account: string, block?: BlockTag): Promise<bigint> =>
  read(node, token, "balanceOf", [account], block);

/** Smallest units of an account's that `spender` may take. */
export const tokenAllowance = (
  node: Node,
  token: string,
  account: string,
  spender: string,
): Promise<bigint> => read(node, token, "allowance", [account, spender]);

/** Decimal digits of one token behind the point. */
export const tokenDecimals = (node: Node, token: string): Promise<bigint> =>
  read(node, token, "decimals", []);

/** Pays an amount of a token. */
export const payTokens = (token: string, to: string, amount: bigint): TransactionPlan => ({
  to: token,
  data: ERC20.encodeFunctionData("transfer", [to, amount]),
  value: 0n,
  moves: paymentMoves(to, amount, TOKENS),
  alike: true,
});

/** Lets `spender` take an amount of a token. */
export const approveTokens = (token: string, spender: string, amount: bigint): TransactionPlan => ({
  to: token,
  data: ERC20.encodeFunctionData("approve", [spender, amount]),
  value: 0n,
  moves: [],
  alike: true,
});

/** What a call of a token moved: nothing, where it is no payment. */
export function tokenMoves({ data }: Pick<SeenTransaction, "data">): readonly Move[] {
  const call = ERC20.parseTransaction({ data });
  return call?.name === "transfer" ? paymentMoves(String(call.args[0]), BigInt(call.args[1]), TOKENS) : [];
}
