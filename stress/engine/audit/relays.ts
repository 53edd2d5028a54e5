import { payoutsOn } from "../../protocols/ovm2/operations.ts";
import { CHAINS, type Chain, type PerChain } from "../base/chain.ts";
import type { Clock } from "../base/clock.ts";
import type { Contracts } from "../../protocols/ovm2/contracts.ts";
import type { MessageId } from "../../protocols/ovm2/messages.ts";
import { payoutsIn } from "../../protocols/ovm2/payouts.ts";
import { sentMessage } from "../run/settlement.ts";
import type { RelayedMessage } from "../../protocols/ovm2/relayed-messages.ts";
import type { WatchedBlock, Watcher } from "../chain/watcher.ts";
import type { Relay } from "./classify.ts";
import type { PoolRateReader } from "../../protocols/ovm2/pool-rates.ts";

/** A relay whose block's rates are being read. */
type NewRelay = Omit<Relay, "rates"> & { rates: Relay["rates"] };

/** Every message that was relayed on both chains and is not forgotten yet, with what it paid. */
export class Relays {
  readonly #contracts: Contracts;
  readonly #clock: Clock;
  readonly #rates: PoolRateReader;
  readonly #found: PerChain<Map<MessageId, Relay[]>> = { 1: new Map(), 2: new Map() };
  readonly #reading = new Set<Promise<void>>();

  constructor(watchers: PerChain<Watcher>, contracts: Contracts, rates: PoolRateReader, clock: Clock) {
    this.#contracts = contracts;
    this.#rates = rates;
    this.#clock = clock;
    for (const chain of CHAINS) {
      watchers[chain].onBlock((block) => this.#take(chain, block));
      watchers[chain].onReorganisation(({ commonBlock }) => this.#goBack(chain, commonBlock));
    }
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

  /** Waits until the rates of all payouts seen so far are read. */
  async settled(): Promise<void> {
    // No longer than for these: where payouts never end, neither would the wait.
    await Promise.all(this.#reading);
  }

  #take(chain: Chain, { block, logs, messages }: WatchedBlock): void {
    if (messages.length === 0) return;
    const relays = messages.map((message) => [message.id, this.#relay(chain, message)] as const);
    for (const [id, relay] of relays) {
      this.#found[chain].set(id, [...(this.#found[chain].get(id) ?? []), relay]);
    }
    if (!relays.some(([, { payouts }]) => payouts.some(({ event }) => event.fee !== undefined))) return;
    const reading = this.#rates.read(chain, block.number, logs).then((rates) => {
      for (const [, relay] of relays) relay.rates = rates;
      this.#reading.delete(reading);
    });
    this.#reading.add(reading);
  }

  #relay(chain: Chain, { logs, blockNumber: block, messenger, logIndex }: RelayedMessage): NewRelay {
    const payouts = payoutsOn(chain).flatMap((event) => payoutsIn(logs, event, this.#contracts));
    const answer = sentMessage(chain, logs, this.#contracts);
    return { block, at: this.#clock.now(), logIndex, messenger, payouts, answer, rates: undefined };
  }

  #goBack(chain: Chain, commonBlock: number): void {
    for (const [id, relays] of this.#found[chain]) {
      const left = relays.filter(({ block }) => block <= commonBlock);
      if (left.length === 0) this.#found[chain].delete(id);
      else if (left.length < relays.length) this.#found[chain].set(id, left);
    }
  }
}
