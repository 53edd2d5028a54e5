/** Anything that can happen, told apart by its kind. */
export interface Happening {
  readonly kind: string;
}

/** A mistake of our own: a subscriber threw. It ends the run, as what it is, after the refunds. */
export interface Fault {
  readonly kind: "fault";
  readonly error: unknown;
}

/** What a subscriber does about each kind of event that it wants to know of. */
export type Handlers<E extends Happening> = {
  readonly [K in E["kind"]]?: (event: Extract<E, { readonly kind: K }>) => void;
};

/** Where events are told. */
export interface Publisher<E extends Happening> {
  /**
   * Tells an event to every subscriber, in the stated order, before it returns. One that is published by a subscriber while
   * it is told of another is told after that one, and what goes wrong with it is thrown to who published the first.
   *
   * @throws what a subscriber threw, after all others were told: who must not go on without being heard (a transaction that
   *   has to be journaled before it is sent) does not; who only reports may pass over it, the fault is published anyway
   */
  publish(event: E): void;
  /**
   * Resolves once all that was published so far is kept by whoever keeps it (a journal): what must not happen without its record
   * comes after this.
   *
   * @throws what keeps it from being kept
   */
  kept(): Promise<void>;
}

/** Where events come from. */
export interface Source<E extends Happening> {
  /**
   * @param place the subscriber's name in the stream's order
   * @param kept where it keeps what it is told: resolves once all of that is kept
   * @returns a function that ends the subscription
   */
  subscribe(place: string, handlers: Handlers<E>, kept?: () => Promise<void>): () => void;
}

type AnyHandler = (event: never) => void;

interface Subscription {
  readonly handlers: Readonly<Record<string, AnyHandler | undefined>>;
  hasEnded: boolean;
}

/** What a subscription does about events of one kind. */
interface Listener {
  readonly subscription: Subscription;
  readonly handle: AnyHandler;
}

/**
 * One stream of events: each is published once, and subscribers are told in an order that is stated where the stream is made,
 * not by who was constructed first. What is published while an event is being told is told after it, so that all subscribers
 * see the same events in the same order.
 */
export class Stream<E extends Happening> implements Publisher<E | Fault>, Source<E | Fault> {
  readonly #places: ReadonlyMap<string, Set<Subscription>>;
  /** Who is told of events of a kind, in order: thousands come a second, and most are for few. Made anew when subscriptions change. */
  readonly #listeners = new Map<string, readonly Listener[]>();
  readonly #queue: (E | Fault)[] = [];
  readonly #keepers = new Set<() => Promise<void>>();
  #isTelling = false;

  /** @param order names of all places a subscriber can have, those told first before the others */
  constructor(order: readonly string[]) {
    this.#places = new Map(order.map((place) => [place, new Set()]));
  }

  subscribe(place: string, handlers: Handlers<E | Fault>, kept?: () => Promise<void>): () => void {
    const subscribers = this.#places.get(place);
    if (subscribers === undefined) throw new Error(`the stream's order has no place '${place}'`);
    // Its own, as the same handlers may be subscribed twice: each subscription ends by itself.
    const subscription: Subscription = {
      handlers: { ...handlers },
      hasEnded: false,
    };
    subscribers.add(subscription);
    this.#listeners.clear();
    // A function of its own, for the same reason.
    const keeper = kept && ((): Promise<void> => kept());
    if (keeper !== undefined) this.#keepers.add(keeper);
    return () => {
      subscription.hasEnded = true;
      subscribers.delete(subscription);
      this.#listeners.clear();
      if (keeper !== undefined) this.#keepers.delete(keeper);
    };
  }

  async kept(): Promise<void> {
    for (const keeper of this.#keepers) await keeper();
  }

  publish(event: E | Fault): void {
    this.#queue.push(event);
    if (this.#isTelling) return;
    this.#isTelling = true;
    const thrown: unknown[] = [];
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
        this.#tell(next, thrown);
    } finally {
      this.#isTelling = false;
    }
    if (thrown.length > 0) throw thrown[0];
  }

  #tell(event: E | Fault, thrown: unknown[]): void {
    for (const { subscription, handle } of this.#listeners.get(event.kind) ?? this.#listenersTo(event.kind)) {
      // By one that was told before.
      if (subscription.hasEnded) continue;
      try {
        handle(event as never);
      } catch (error) {
        // A fault that cannot be told is thrown all the same; telling of that one would go on for ever.
        if (event.kind !== "fault") this.#queue.push({ kind: "fault", error });
        thrown.push(error);
      }
    }
  }

  #listenersTo(kind: string): readonly Listener[] {
    const listeners = [...this.#places.values()].flatMap((subscriptions) =>
      [...subscriptions].flatMap((subscription) => {
        const handle = subscription.handlers[kind];
        return handle === undefined ? [] : { subscription, handle };
      }),
    );
    this.#listeners.set(kind, listeners);
    return listeners;
  }
}
