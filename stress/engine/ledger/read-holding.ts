import { toQuantity } from "ethers";
import type { Chain, PerChain } from "../chain.ts";
import type { Contracts } from "../contracts.ts";
import type { ExitFee } from "../exit-fee.ts";
import type { Holding } from "./holding.ts";
import { poolShare } from "../pool-share.ts";
import { quantity } from "../receipt.ts";
import type { Rpc } from "../rpc.ts";
import { tokenBalance } from "../token.ts";

/** What accounts are read with. */
export interface HoldingsReader {
  readonly rpcs: PerChain<Rpc>;
  readonly contracts: Contracts;
  readonly exitFee: ExitFee | undefined;
}

/** Reads what an account owns on a chain in the state of one block. */
export async function readHolding(
  { rpcs, contracts, exitFee }: HoldingsReader,
  account: string,
  chain: Chain,
  block: number,
): Promise<Holding> {
  const at = toQuantity(block);
  const [balance, { stake }, tokens] = await Promise.all([
    rpcs[chain].send("eth_getBalance", [account, at]),
    poolShare({ rpcs, contracts }, chain, account, at),
    chain === 2 && exitFee !== undefined ? tokenBalance(rpcs[2], exitFee.token, account, at) : 0n,
  ]);
  return { balance: quantity(balance), stake, tokens };
}
