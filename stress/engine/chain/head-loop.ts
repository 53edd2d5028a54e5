import { type Chain, type Clock, type Fault, reasonOf } from "../base/index.ts";
import { classifyRpcError, Node, type Rpc } from "../rpc/index.ts";
import type { EndpointHealth } from "./endpoint-health.ts";
import type { Outage } from "./events.ts";
import { HeadPolls } from "./head-polls.ts";

/** What a chain's head is asked for with. */
export interface HeadLoopOptions {
  readonly chain: Chain;
  readonly rpc: Rpc;
  readonly clock: Clock;
  readonly health: EndpointHealth;
  readonly log: (line: string) => void;
  readonly publish: (event: Outage | Fault) => void;
}

/** What is done with each new head. */
export interface Polled {
  /** Asks for the head, and reads what is new. */
  poll(): Promise<void>;
  /** How many wait for what blocks bring. */
  waiting(): number;
}

/** Asks for a chain's head again and again, in the rhythm of its blocks, and whenever its endpoint tells of one. */
export class HeadLoop {
  readonly #options: HeadLoopOptions;
  /** The head is asked for without repetition: the next poll is one. */
  readonly #direct: Node;
  readonly #polls = new HeadPolls();
  readonly #closing = new AbortController();
  /** Aborted when the endpoint tells of a head. */
  #told = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: HeadLoopOptions) {
    this.#options = options;
    this.#direct = new Node(options.rpc);
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Whether a block may have come by now, as the rhythm of those before it tells. */
  get isDue(): boolean {
    return this.#polls.isDue(this.#options.clock.now());
  }

  start(polled: Polled): void {
    const { rpc, clock } = this.#options;
    rpc.followHeads?.(() => {
      this.#polls.wasTold(clock.now());
      this.#told.abort();
    });
    this.#running = this.#run(polled);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#told.abort();
    await this.#running;
  }

  /** The newest block's number. @param before that of the newest one that is known */
  async newest(before?: number): Promise<number> {
    if (before === undefined) return this.#direct.blockNumber();
    const at = this.#options.clock.now();
    let head = before;
    try {
      head = await this.#direct.blockNumber();
      return head;
    } finally {
      if (head > before) this.#polls.saw(head - before, at);
      else this.#polls.sawNothing(at);
    }
  }

  async #run(polled: Polled): Promise<void> {
    const { signal } = this.#closing;
    const { clock, health } = this.#options;
    while (!signal.aborted) {
      const begun = clock.now();
      // A block may bring all that is waited for: what comes of it is waited for soon.
      const before = polled.waiting();
      // Of a head that is told while this one is read, another poll follows at once.
      this.#told = new AbortController();
      try {
        await polled.poll();
        health.answered();
      } catch (error) {
        this.#fail(error, begun);
      }
      const pause = this.#polls.pause(clock.now(), Math.max(before, polled.waiting()));
      // What ends the loop tells this as well.
      if (!signal.aborted) await clock.sleep(pause, this.#told.signal);
    }
  }

  /** Whatever an endpoint did wrong, it is asked again: a stress test must outlive it. The run ends where it lasts. */
  #fail(error: unknown, begun: number): void {
    const { chain, log, rpc, health, publish } = this.#options;
    // A mistake of our own is none of the endpoint's.
    if (classifyRpcError(error) === "own mistake") {
      publish({ kind: "fault", error });
      return;
    }
    if (health.failed(begun)) publish({ kind: "outage", chain });
    log(`WARNING cannot read the chain, will try again: ${reasonOf(error)}`);
    rpc.traffic.repeated();
  }
}
