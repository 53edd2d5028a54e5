import { toQuantity } from "ethers";
import type { Chain, PerChain } from "../base/chain.ts";
import type { Contracts } from "../../protocols/ovm2/contracts.ts";
import type { ExitFee } from "../../protocols/ovm2/exit-fee.ts";
import type { Holding } from "./holding.ts";
import { poolShare } from "../../protocols/ovm2/pool-share.ts";
import { quantity } from "../rpc/receipt.ts";
import type { Rpc } from "../rpc/rpc.ts";
import { tokenBalance } from "../../protocols/ovm2/token.ts";

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
