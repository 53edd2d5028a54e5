import type { Result } from "ethers";
import type { Chain } from "../../engine/base/index.ts";
import type { Payout } from "../../engine/chain/index.ts";
import { BALANCE } from "../../engine/ledger/index.ts";
import type { Log } from "../../engine/rpc/index.ts";
import { TOKENS } from "../erc20.ts";
import { decodeEvent, topicOf } from "../decode.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { type EventSource, SLOW, TOKEN } from "./operation.ts";

const ETH_FINALIZED = topicOf(ABI.StandardBridge, "ETHBridgeFinalized");
const TOKEN_FINALIZED = topicOf(ABI.StandardBridge, "ERC20BridgeFinalized");

/** The events by which the standard bridge of a chain tells that it paid. */
export const payoutSources = (chain: Chain, { bridge, token }: Contracts): readonly EventSource[] => [
  { address: bridge[chain], topic: ETH_FINALIZED },
  ...(token === undefined ? [] : [{ address: bridge[chain], topic: TOKEN_FINALIZED }]),
];

/** What the standard bridge of a chain paid among these events, in their order. Other tokens than the target's are left out. */
export const payoutsIn = (logs: readonly Log[], chain: Chain, contracts: Contracts): Payout[] =>
  logs
    .filter(({ address }) => address === contracts.bridge[chain].toLowerCase())
    .flatMap((log) => payoutOf(log, chain, contracts) ?? []);

function payoutOf(log: Log, chain: Chain, { token }: Contracts): Payout | undefined {
  const [topic] = log.topics;
  if (topic === ETH_FINALIZED)
    return payoutAs(SLOW, BALANCE, log, decodeEvent(ABI.StandardBridge, "ETHBridgeFinalized", log));
  if (topic !== TOKEN_FINALIZED) return undefined;
  const args = decodeEvent(ABI.StandardBridge, "ERC20BridgeFinalized", log);
  return String(args["localToken"]) === token?.[chain] ? payoutAs(TOKEN, TOKENS, log, args) : undefined;
}

const payoutAs = (way: string, asset: string, log: Log, args: Result): Payout => ({
  way,
  asset,
  to: String(args["to"]),
  amount: BigInt(args["amount"]),
  fee: 0n,
  hash: log.transactionHash,
  block: log.blockNumber,
  logIndex: log.logIndex,
});
