import { CHAINS, type Chain } from "../base/index.ts";
import type { MessageId } from "../chain/index.ts";
import type { Ledger } from "../ledger/index.ts";
import { arrivalOn } from "./classify.ts";
import type { Brought, ClosedCrossings } from "./closed.ts";
import type { StrangersPayout } from "./crossing-audit.ts";
import type { RelayedMessages } from "./relayed.ts";

/** What messages brought to the run's own accounts that none of its crossings under way sent. */
export class StrangersMessages {
  readonly #relays: RelayedMessages;
  readonly #closed: Pick<ClosedCrossings, "has">;
  readonly #ledger: Pick<Ledger, "owns">;
  /** Of messages that are forgotten. */
  readonly #before: StrangersPayout[] = [];

  /** @param closed crossings that are counted already: their messages are no strangers' */
  constructor(relays: RelayedMessages, closed: Pick<ClosedCrossings, "has">, ledger: Pick<Ledger, "owns">) {
    this.#relays = relays;
    this.#closed = closed;
    this.#ledger = ledger;
  }

  /** Payouts to the run's own accounts whose message is none of its crossings'. @param own messages of those under way */
  payouts(own: ReadonlySet<MessageId>): readonly StrangersPayout[] {
    const now = CHAINS.flatMap((chain) =>
      [...this.#relays.all(chain)].flatMap(([message]) =>
        own.has(message) || this.#closed.has(message) ? [] : this.#broughtBy(chain, message),
      ),
    );
    return [...this.#before, ...now];
  }

  /** What messages of crossings that are counted already brought since. */
  *broughtSince(): Generator<Brought> {
    for (const chain of CHAINS) {
      for (const [message] of this.#relays.all(chain)) {
        if (!this.#closed.has(message)) continue;
        const amount = this.#broughtBy(chain, message).reduce((sum, one) => sum + one.amount, 0n);
        const arrivals = this.#relays.of(chain, message).map(arrivalOn(chain));
        yield { chain, message, amount, arrivals };
      }
    }
  }

  /**
   * Messages of others that nobody can ask for any more are forgotten; what they brought to us is kept.
   *
   * @param since of those that arrived before. Unix milliseconds
   * @param own messages of crossings that began before and are not forgotten: none that began later has one that arrived so long ago
   */
  forget(since: number, own: ReadonlySet<MessageId>): void {
    for (const chain of CHAINS) {
      for (const [message, [relay]] of this.#relays.all(chain)) {
        if (relay === undefined || relay.at >= since) break;
        // A second payout of a crossing that is counted already stays what it is.
        if (own.has(message) || this.#closed.has(message)) continue;
        this.#before.push(...this.#broughtBy(chain, message));
        this.#relays.forget(chain, message);
      }
    }
  }

  /** What a message paid to the run's own accounts. */
  #broughtBy(chain: Chain, message: MessageId): StrangersPayout[] {
    return this.#relays
      .of(chain, message)
      .flatMap(({ payouts }) =>
        payouts
          .filter(({ to }) => this.#ledger.owns(to, chain))
          .map(({ to, asset, amount }) => ({ chain, account: to, asset, amount, message })),
      );
  }
}
