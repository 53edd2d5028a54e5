import type { Chain, Clock, Fault, PerChain, Publisher, Source } from "../base/index.ts";
import type { Arrival, BlockRead, ChainEvent, MessageId, Recalled } from "../chain/index.ts";
import type { Bridge, Terms } from "../../protocols/protocol.ts";
import type { Relay } from "./classify.ts";

/** A relay whose block's terms are being read. */
type NewRelay = Omit<Relay, "terms"> & { terms: Relay["terms"] };

/** Every message that arrived on both chains and is not forgotten yet, with what it paid. */
export class RelayedMessages {
  readonly #bridge: Pick<Bridge, "terms">;
  readonly #stream: Publisher<Fault>;
  readonly #clock: Clock;
  readonly #found: PerChain<Map<MessageId, Relay[]>> = { 1: new Map(), 2: new Map() };
  readonly #reading = new Set<Promise<void>>();

  constructor(bridge: Pick<Bridge, "terms">, stream: Source<ChainEvent> & Publisher<Fault>, clock: Clock) {
    this.#bridge = bridge;
    this.#stream = stream;
    this.#clock = clock;
    stream.subscribe("arrivals", {
      block: (block) => this.#take(block),
      recalled: (recalled) => this.#recall(recalled),
      reorganisation: ({ chain, commonBlock }) => this.#rollBack(chain, commonBlock),
    });
  }

  of(chain: Chain, message: MessageId): readonly Relay[] {
    return this.#found[chain].get(message) ?? [];
  }

  /** In the order of their first arrival on their chain. */
  all(chain: Chain): Iterable<readonly [MessageId, readonly Relay[]]> {
    return this.#found[chain];
  }

  forget(chain: Chain, message: MessageId): void {
    this.#found[chain].delete(message);
  }

  /** Waits until the terms of all payouts seen so far are read. */
  async settled(): Promise<void> {
    // No longer than for these: where payouts never end, neither would the wait.
    await Promise.all(this.#reading);
  }

  #take(block: BlockRead): void {
    const { chain, arrivals } = block;
    if (arrivals.length === 0) return;
    const relays = arrivals.map((arrival) => this.#relay(arrival));
    for (const relay of relays)
      this.#found[chain].set(relay.id, [...(this.#found[chain].get(relay.id) ?? []), relay]);
    this.#readTerms(relays, block);
  }

  /** An arrival that was read again takes the place of what was told of it. */
  #recall({ chain, arrival, read }: Recalled): void {
    const known = this.of(chain, arrival.id);
    const before = known.find(({ hash, logIndex }) => hash === arrival.hash && logIndex === arrival.logIndex);
    const relay: NewRelay = { ...this.#relay(arrival), at: before?.at ?? this.#timeOf(read) };
    const relays = [...known.filter((one) => one !== before), relay];
    relays.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
    this.#found[chain].set(arrival.id, relays);
    this.#readTerms([relay], read);
  }

  /** When a block was there for all to see: its own time, where that is not ahead of ours. */
  #timeOf({ block: { timestamp } }: BlockRead): number {
    const now = this.#clock.now();
    return timestamp === undefined ? now : Math.min(now, timestamp);
  }

  #readTerms(relays: readonly NewRelay[], block: BlockRead): void {
    const terms = this.#bridge.terms(block);
    if (terms === undefined) return;
    const reading = this.#read(relays, terms).finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
  }

  async #read(relays: readonly NewRelay[], reading: Promise<Terms>): Promise<void> {
    try {
      const terms = await reading;
      for (const relay of relays) relay.terms = terms;
    } catch (error) {
      // What a node cannot tell, the terms themselves say: anything that is thrown is a mistake of our own.
      this.#stream.publish({ kind: "fault", error });
    }
  }

  #relay(arrival: Arrival): NewRelay {
    return { ...arrival, at: this.#clock.now(), terms: undefined };
  }

  #rollBack(chain: Chain, commonBlock: number): void {
    for (const [id, relays] of this.#found[chain]) {
      const left = relays.filter(({ block }) => block <= commonBlock);
      if (left.length === 0) this.#found[chain].delete(id);
      else if (left.length < relays.length) this.#found[chain].set(id, left);
    }
  }
}
