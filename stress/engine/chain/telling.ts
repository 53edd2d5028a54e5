import type { Chain, Clock, Publisher } from "../base/index.ts";
import { classifyRpcError, isTransient } from "../rpc/index.ts";
import type { Arrivals } from "./arrivals.ts";
import type { BlockFacts } from "./block-by-receipts.ts";
import { blockLines } from "./block-lines.ts";
import type { BridgeReader } from "./bridge-reader.ts";
import type { ChainEvent } from "./events.ts";
import type { Arrival } from "./messages.ts";

/** What is told with. */
export interface TellingOptions {
  readonly chain: Chain;
  readonly clock: Clock;
  readonly bridge: BridgeReader;
  /** Told of each block, before anybody who waits for a part of it goes on. */
  readonly stream: Publisher<ChainEvent>;
  readonly log: (line: string) => void;
}

/** Tells everybody what a chain's blocks brought. */
export class Telling {
  readonly #options: TellingOptions;
  readonly #arrivals: Arrivals;

  constructor(options: TellingOptions, arrivals: Arrivals) {
    this.#options = options;
    this.#arrivals = arrivals;
  }

  /** Tells a block. @returns what arrived with it */
  block(facts: BlockFacts): readonly Arrival[] {
    const { chain, log, clock } = this.#options;
    const oddities: string[] = [];
    const arrivals = this.arrivalsIn(facts, (line) => oddities.push(line));
    for (const line of blockLines(facts, arrivals, this.#arrivals, clock.now())) log(line);
    // Behind the block they are in, and not again where it has to be read again.
    for (const line of oddities) log(line);
    this.publish({ kind: "block", chain, ...facts, arrivals });
    return arrivals;
  }

  /** A mistake of our own in reading a block must not hold up those after it: what was sent has to come back. */
  arrivalsIn(facts: BlockFacts, warn: (line: string) => void): readonly Arrival[] {
    try {
      return this.#options.bridge.arrivals(facts, warn);
    } catch (error) {
      if (isTransient(classifyRpcError(error))) throw error;
      this.publish({ kind: "fault", error });
      return [];
    }
  }

  publish(event: ChainEvent): void {
    try {
      this.#options.stream.publish(event);
    } catch {
      // A subscriber's mistake, which the stream tells as a fault: it ends the run. It is not the endpoint's, and the chain
      // is followed further, as refunds need it.
    }
  }
}
