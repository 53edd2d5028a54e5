import type { Chain, PerChain } from "../../engine/base/index.ts";
import type { MessageId } from "../../engine/chain/index.ts";
import { callContract, type Node } from "../../engine/rpc/index.ts";
import { eventsIn, latestEvents } from "../past-events.ts";
import type { BlockRange, BridgeHistory } from "../protocol.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { topicOf } from "../decode.ts";
import type { ExitFee } from "./exit-fee.ts";
import { type PayoutSource, payoutsIn } from "./payouts.ts";
import { readCall } from "./read-calls.ts";

/** What the chains themselves know of the past. */
export interface HistorySources {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
  readonly exitFee: ExitFee | undefined;
  readonly payouts: PerChain<readonly PayoutSource[]>;
}

/** What a recovery asks of the bridge. */
export const historyOf = (sources: HistorySources): BridgeHistory => ({
  movesOf: (call, chain) => readCall(call, chain, sources.contracts, sources.exitFee),
  arrivalOf: (chain, message, within) => arrivalOf(sources, chain, message, within),
  payouts: async (chain, fromBlock, toBlock) => {
    const found = [];
    for (const source of sources.payouts[chain]) {
      const { address, topic } = source;
      const logs = await eventsIn(sources.nodes[chain], { address, topics: [topic] }, { fromBlock, toBlock });
      found.push(...payoutsIn(logs, [source]));
    }
    return found;
  },
});

/** The transaction that relayed a message, if any did. */
async function arrivalOf(
  { nodes, contracts }: HistorySources,
  chain: Chain,
  message: MessageId,
  within?: BlockRange,
) {
  const address = contracts.messengers[chain];
  const abi = ABI.CrossDomainMessenger;
  const relayed = await Promise.all(
    address.map((messenger) =>
      callContract(nodes[chain], abi, messenger, "successfulMessages", [message], within?.toBlock),
    ),
  );
  if (!relayed.some(([arrived]) => arrived === true)) return undefined;
  const logs = await latestEvents(
    nodes[chain],
    { address, topics: [topicOf(abi, "RelayedMessage"), message] },
    within,
  );
  // That the message arrived is known, and nearly always all there is to it.
  return logs === "unknown" ? logs : (logs[0]?.transactionHash ?? "unknown");
}
