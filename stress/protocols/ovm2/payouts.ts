import type { Chain } from "../../engine/base/index.ts";
import type { Payout } from "../../engine/chain/index.ts";
import { BALANCE } from "../../engine/ledger/index.ts";
import type { Log } from "../../engine/rpc/index.ts";
import { ABI, type Contracts, POOL_ETH } from "./contracts.ts";
import { decodeEvent, topicOf } from "../decode.ts";
import type { OvmOperation, PayoutEvent } from "./operation.ts";

/** A payout event where it is emitted. */
export interface PayoutSource {
  readonly event: PayoutEvent;
  /** Lower case. */
  readonly address: string;
  readonly topic: string;
}

/** The chain that a payout's contract is on. */
export const chainOf = ({ contract }: Pick<PayoutEvent, "contract">): Chain =>
  contract.startsWith("L1") ? 1 : 2;

/** The ways in which crossings are paid out, or settled back, on a chain. */
export const payoutSources = (
  operations: readonly OvmOperation[],
  chain: Chain,
  contracts: Contracts,
): PayoutSource[] =>
  operations
    .flatMap(({ payouts = [] }) => payouts)
    .filter((event) => chainOf(event) === chain)
    .map((event) => ({
      event,
      address: contracts.addressOf(event.contract).toLowerCase(),
      topic: topicOf(ABI[event.contract], event.event),
    }));

/** The payouts among some events, by source and in their order; those of tokens are left out. */
export const payoutsIn = (logs: readonly Log[], sources: readonly PayoutSource[]): Payout[] =>
  sources.flatMap(({ event, address, topic }) =>
    logs
      .filter((log) => log.address === address && log.topics[0] === topic)
      .flatMap((log) => payoutOf(log, event) ?? []),
  );

function payoutOf(log: Log, event: PayoutEvent): Payout | undefined {
  const args = decodeEvent(ABI[event.contract], event.event, log);
  if (event.token !== undefined && String(args[event.token]) !== POOL_ETH[chainOf(event)]) return undefined;
  return {
    way: event.way,
    asset: BALANCE,
    to: String(args[event.to]),
    amount: BigInt(args[event.amount]),
    fee: event.fee === undefined ? 0n : BigInt(args[event.fee]),
    hash: log.transactionHash,
    block: log.blockNumber,
    logIndex: log.logIndex,
  };
}
