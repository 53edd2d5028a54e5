import type { PayoutEvent } from "../operation.ts";
import type { Chain } from "../../engine/base/chain.ts";
import { ABI, type Contracts, POOL_ETH } from "./contracts.ts";
import type { Log, TxHash } from "../../engine/rpc/receipt.ts";

/** ETH that a message paid out. Wei. */
export interface Payout {
  readonly event: PayoutEvent;
  readonly to: string;
  readonly amount: bigint;
  /** What a pool kept of it, as its event says; 0 where the bridge paid. */
  readonly fee: bigint;
  readonly hash: TxHash;
  readonly block: number;
  readonly logIndex: number;
}

/** The chain that a payout's contract is on. */
export const chainOf = ({ contract }: Pick<PayoutEvent, "contract">): Chain =>
  contract.startsWith("L1") ? 1 : 2;

/** The topic of a payout event. */
export function topicOf({ contract, event }: PayoutEvent): string {
  const fragment = ABI[contract].getEvent(event);
  if (fragment === null) throw new Error(`${contract} has no event ${event}`);
  return fragment.topicHash;
}

/** The payouts of one kind among a message's events, in their order; those of tokens are left out. */
export function payoutsIn(logs: readonly Log[], event: PayoutEvent, contracts: Contracts): Payout[] {
  const address = contracts.addressOf(event.contract).toLowerCase();
  const topic = topicOf(event);
  return logs.flatMap((log) => {
    if (log.address !== address || log.topics[0] !== topic) return [];
    const args = ABI[event.contract].decodeEventLog(event.event, log.data, log.topics);
    if (event.token !== undefined && String(args[event.token]) !== POOL_ETH[chainOf(event)]) return [];
    const fee = event.fee === undefined ? 0n : BigInt(args[event.fee]);
    const [to, amount] = [String(args[event.to]), BigInt(args[event.amount])];
    return [
      { event, to, amount, fee, hash: log.transactionHash, block: log.blockNumber, logIndex: log.logIndex },
    ];
  });
}
