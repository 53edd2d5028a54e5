import type { Clock, Fault, Publisher, Source } from "../base/index.ts";
import type { ChainEvent, MessageId } from "../chain/index.ts";
import type { Ledger } from "../ledger/index.ts";
import type { TransactionEvent } from "../transactions/index.ts";
import type { Bridge } from "../../protocols/protocol.ts";
import { classify, doubtOf, type Evidence } from "./classify.ts";
import { ClosedCrossings, isException } from "./closed.ts";
import type { AuditedCrossing, CrossingAudit, CrossingClass, StrangersPayout } from "./crossing-audit.ts";
import { Deposits } from "./deposits.ts";
import { depositMessage, destinationOf, type Followed } from "./followed.ts";
import type { Inquiries } from "./inquiries.ts";
import { inquireOf, type Verdicts } from "./verdicts.ts";
import { Queues } from "./queues.ts";
import { RelayedMessages } from "./relayed.ts";
import { StrangersMessages } from "./strangers.ts";

/** What the audit stands on. */
export interface AuditSources {
  readonly bridge: Pick<Bridge, "sent" | "terms">;
  readonly stream: Source<ChainEvent | TransactionEvent> & Publisher<Fault>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly inquiries: Pick<Inquiries, "arrival" | "deposit">;
}

/** What a crossing is judged by. Milliseconds. */
export interface AuditLimits {
  /** A payout that takes longer is late. */
  readonly slowAfter: number;
  /** One that has not come by then is lost. */
  readonly overdueAfter: number;
}

/** How long a crossing that is over stays open to a second payout that is told apart. Milliseconds. */
const OPEN_FOR_MS = 600_000;

/** Classes that may still change. */
const OPEN: readonly CrossingClass[] = ["in flight", "not known"];

const CHECK_EVERY_BLOCKS = 64;

/**
 * Follows each crossing by message id from its deposit to its payout, whatever becomes of the operation that made it. What is over for ten minutes is counted and forgotten, except for its id: a
 * run of days needs little more memory than one of minutes.
 */
export class Audit {
  readonly #sources: AuditSources;
  readonly #relays: RelayedMessages;
  /** In the order in which they were taken up. */
  readonly #followed = new Set<Followed>();
  readonly #closed = new ClosedCrossings();
  readonly #queues = new Queues();
  readonly #deposits: Deposits;
  readonly #strangers: StrangersMessages;
  #limits: AuditLimits = { slowAfter: Number.POSITIVE_INFINITY, overdueAfter: Number.POSITIVE_INFINITY };
  #blocks = 0;

  constructor(sources: AuditSources) {
    this.#sources = sources;
    const { bridge, stream, clock, ledger } = sources;
    this.#relays = new RelayedMessages(bridge, stream, clock);
    this.#deposits = new Deposits(bridge);
    this.#strangers = new StrangersMessages(this.#relays, this.#closed, ledger);
    stream.subscribe("audit", {
      mined: ({ transaction, receipt }) => this.#deposits.mined(transaction, receipt),
      block: () => {
        this.#blocks++;
        if (this.#blocks % CHECK_EVERY_BLOCKS === 0) this.#close();
      },
    });
  }

  /** What crossings are judged by from now on. */
  set limits(limits: AuditLimits) {
    this.#limits = limits;
  }

  /** Takes up a crossing whose deposit was just sent. */
  follow(followed: Followed): void {
    this.#followed.add(followed);
    this.#deposits.follow(followed.transaction);
  }

  /**
   * Asks for every crossing that was not seen to be paid: it may have been all the same. What is found out is told, and booked: to be
   * done before the books are compared.
   *
   * @returns what is to be said of those that seem to be lost
   */
  async inquire(): Promise<Verdicts> {
    return inquireOf([...this.#followed], () => this.#evidence(), this.#sources.inquiries);
  }

  /** Crossings whose deposit is mined, and of which nothing has arrived as the chains are now. */
  notArrived(): readonly Followed[] {
    const evidence = this.#evidence();
    return [...this.#followed].filter((followed) => {
      const doubt = doubtOf(followed, evidence);
      return doubt?.of === "message" && doubt.relay === undefined;
    });
  }

  /**
   * The state of every crossing now.
   *
   * @param told what was just found out; by default it is asked for
   */
  async report(told?: Verdicts): Promise<CrossingAudit> {
    const verdicts = told ?? (await this.inquire());
    await this.#relays.settled();
    const evidence = this.#evidence(verdicts);
    const audited = [...this.#followed]
      .map((followed) => classify(followed, evidence))
      .filter((crossing) => crossing !== undefined);
    const counts = { ...this.#closed.counts };
    for (const crossing of audited) counts[crossing.class]++;
    const again = this.#closed.paidAgain(this.#strangers.broughtSince());
    for (const { was } of again) {
      counts[was]--;
      counts.doubled++;
    }
    const queues = this.#queues.copy();
    for (const followed of this.#followed) this.#queue(followed, queues);
    return {
      counts,
      late: this.#closed.late + audited.filter(({ late }) => late).length,
      outOfOrder: queues.outOfOrder(),
      rateUnknown: this.#closed.rateUnknown + audited.filter(({ rateKnown }) => !rateKnown).length,
      exceptions: [
        ...this.#closed.exceptions,
        ...again.map(({ now }) => now),
        ...audited.filter(isException),
      ],
      fromStrangers: this.#strangersPayouts(audited),
    };
  }

  #evidence(verdicts: Verdicts = new Map()): Evidence {
    const { bridge, ledger, clock } = this.#sources;
    return {
      bridge,
      relaysOf: (chain, message) => this.#relays.of(chain, message),
      owns: (account, chain) => ledger.owns(account, chain),
      formerMessages: (deposit) => this.#deposits.formerMessages(deposit),
      verdictOf: (followed) => verdicts.get(followed),
      now: clock.now(),
      ...this.#limits,
    };
  }

  /** Notes where in its queue a crossing's message was, and when it came. */
  #queue(followed: Followed, queues: Queues): void {
    const sent = depositMessage(followed, this.#sources.bridge);
    const to = destinationOf(followed);
    const [relay] = sent === undefined ? [] : this.#relays.of(to, sent.id);
    if (sent === undefined || relay?.queue === undefined) return;
    queues.passed(`${to}:${relay.queue}`, sent.place, relay);
  }

  /** Counts crossings that were over long ago, and forgets them. */
  #close(): void {
    const evidence = this.#evidence();
    const since = evidence.now - OPEN_FOR_MS;
    const kept = new Set<MessageId>();
    for (const followed of this.#followed) {
      // Those behind it began later.
      if (followed.startedAt > since) break;
      const crossing = classify(followed, evidence);
      if (crossing === undefined || this.#closeOne(followed, crossing, since))
        this.#followed.delete(followed);
      else if (crossing.message !== undefined) kept.add(crossing.message);
    }
    this.#queues.count();
    this.#strangers.forget(since - OPEN_FOR_MS, kept);
  }

  /** Returns whether a crossing is counted, and can be forgotten. */
  #closeOne(followed: Followed, crossing: AuditedCrossing, since: number): boolean {
    const { message, paidOn } = crossing;
    const [relay] = message === undefined ? [] : this.#relays.of(paidOn, message);
    const isOver = relay !== undefined && relay.at < since && !OPEN.includes(crossing.class);
    if (!isOver || message === undefined) return false;
    this.#queue(followed, this.#queues);
    this.#closed.add(crossing, message);
    this.#relays.forget(paidOn, message);
    return true;
  }

  #strangersPayouts(audited: readonly AuditedCrossing[]): readonly StrangersPayout[] {
    const former = [...this.#followed].flatMap(({ transaction }) => [
      ...this.#deposits.messages(transaction),
    ]);
    const own = new Set<MessageId>([...former, ...audited.flatMap(({ message }) => message ?? [])]);
    return this.#strangers.payouts(own);
  }
}
