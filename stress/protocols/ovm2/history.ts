import type { Chain, PerChain } from "../../engine/base/index.ts";
import type { MessageId } from "../../engine/chain/index.ts";
import { callContract, classifyRpcError, isTransient, type Node } from "../../engine/rpc/index.ts";
import type { BlockRange, BridgeHistory } from "../protocol.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { topicOf } from "./decode.ts";
import type { ExitFee } from "./exit-fee.ts";
import { type PayoutSource, payoutsIn } from "./payouts.ts";
import { readCall } from "./read-calls.ts";

/** Blocks whose events are asked for in one request: what public nodes allow. */
const BLOCKS_AT_ONCE = 2000;

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
      for (let from = fromBlock; from <= toBlock; from += BLOCKS_AT_ONCE) {
        const range = { fromBlock: from, toBlock: Math.min(toBlock, from + BLOCKS_AT_ONCE - 1) };
        const logs = await sources.nodes[chain].logs({ address, topics: [topic], ...range });
        found.push(...payoutsIn(logs, [source]));
      }
    }
    return found;
  },
});

const ALL_BLOCKS = { fromBlock: 0, toBlock: "latest" } as const;

/** Parts of a range that nodes take, the newest first. */
function* backwards({ fromBlock, toBlock }: BlockRange): Generator<BlockRange> {
  for (let last = toBlock; last >= fromBlock; last -= BLOCKS_AT_ONCE)
    yield { fromBlock: Math.max(fromBlock, last - BLOCKS_AT_ONCE + 1), toBlock: last };
}

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
  const topics = [topicOf(abi, "RelayedMessage"), message];
  try {
    for (const range of within === undefined ? [ALL_BLOCKS] : backwards(within)) {
      const [log] = await nodes[chain].logs({ address, topics, ...range });
      if (log !== undefined) return log.transactionHash;
    }
    return "unknown";
  } catch (error) {
    // Public nodes refuse to search so far back; that the message arrived is known, and nearly always all there is to it.
    const failure = classifyRpcError(error);
    if ((isTransient(failure) && failure !== "busy") || failure === "own mistake") throw error;
    return "unknown";
  }
}
