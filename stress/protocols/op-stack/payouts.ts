import type { Chain } from "../../engine/base/index.ts";
import type { Payout } from "../../engine/chain/index.ts";
import { BALANCE } from "../../engine/ledger/index.ts";
import type { Log } from "../../engine/rpc/index.ts";
import { decodeEvent, topicOf } from "../decode.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { type EventSource, SLOW } from "./operation.ts";

const ETH_FINALIZED = topicOf(ABI.StandardBridge, "ETHBridgeFinalized");

/** The events by which the standard bridge of a chain tells that it paid. */
export const payoutSources = (chain: Chain, { bridge }: Contracts): readonly EventSource[] => [
  { address: bridge[chain], topic: ETH_FINALIZED },
];

/** What the standard bridge of a chain paid among these events, in their order. */
export const payoutsIn = (logs: readonly Log[], chain: Chain, { bridge }: Contracts): Payout[] =>
  logs
    .filter(({ address, topics }) => address === bridge[chain].toLowerCase() && topics[0] === ETH_FINALIZED)
    .map((log) => {
      const { to, amount } = decodeEvent(ABI.StandardBridge, "ETHBridgeFinalized", log);
      return {
        way: SLOW,
        asset: BALANCE,
        to: String(to),
        amount: BigInt(amount),
        fee: 0n,
        hash: log.transactionHash,
        block: log.blockNumber,
        logIndex: log.logIndex,
      };
    });
