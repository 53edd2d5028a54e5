export { AwaitedTransactions } from "./awaited.ts";
export { BURIED } from "./arrivals.ts";
export type { BlockFacts, Interest } from "./block-reader.ts";
export type { BaseFees, Head } from "./chain-head.ts";
export type { EndpointHealth } from "./endpoint-health.ts";
export type { BlockRead, ChainEvent, Outage, Recalled, Reorganisation } from "./events.ts";
export type { Arrival, Message, MessageId, Payout } from "./messages.ts";
export { Reorganisations } from "./reorganisations.ts";
export { type BridgeReader, Watcher, type WatcherOptions } from "./watcher.ts";
