import { CHAINS, type Chain, every, perChain, perChainAsync, StressError } from "../base/index.ts";
import { classifyRpcError } from "../rpc/index.ts";
import type { SentTransaction } from "../transactions/index.ts";
import type { Engine } from "./engine.ts";

const LOOK_EVERY_MS = 5000;

/** What was counted may be in a block that is not read yet: how long that is waited for, and in which steps. Milliseconds. */
const READ_WITHIN_MS = 30_000;
const POLL_MS = 100;

/**
 * A nonce is strange that so many looks find so, with this pause: a count may be of a branch that a reorganisation has taken our own
 * transaction out of meanwhile. Milliseconds.
 */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 1000;

/** What watching an account takes. */
export type GuardParts = Pick<Engine, "clock" | "stream" | "nodes" | "watchers">;

/**
 * Watches whether somebody else sends transactions of an account while a run uses it: then a nonce is used that none of the
 * run's own transactions had. To be begun before the run sends anything.
 */
export class AccountGuard {
  readonly #parts: GuardParts;
  readonly #address: string;
  readonly #onStranger: (error: StressError) => void;
  /** The first nonce of each chain that is not known to be the run's own. */
  readonly #next = { 1: 0, 2: 0 };
  readonly #mined = perChain(() => new Set<number>());
  readonly #ends: (() => void)[] = [];
  #isTold = false;

  /** @param onStranger is told once, of the first such nonce */
  constructor(parts: GuardParts, address: string, onStranger: (error: StressError) => void) {
    this.#parts = parts;
    this.#address = address;
    this.#onStranger = onStranger;
  }

  async begin(): Promise<void> {
    const { clock, stream } = this.#parts;
    for (const chain of CHAINS) this.#next[chain] = await this.#count(chain);
    const isOwn = ({ account }: SentTransaction): boolean => account.address === this.#address;
    const unsubscribe = stream.subscribe("report", {
      mined: ({ transaction }) => {
        if (isOwn(transaction)) this.#mined[transaction.chain].add(transaction.nonce);
      },
      "taken back": ({ transaction }) => {
        if (isOwn(transaction)) this.#mined[transaction.chain].delete(transaction.nonce);
      },
    });
    this.#ends.push(
      every(
        clock,
        LOOK_EVERY_MS,
        () => this.#look(),
        () => undefined,
      ),
      unsubscribe,
    );
  }

  /** Looks once more, and ends. */
  async close(): Promise<void> {
    const [stop, unsubscribe] = this.#ends;
    stop?.();
    await this.#look();
    unsubscribe?.();
  }

  /** An endpoint that does not answer now tells nothing: it is asked again the next time. */
  async #look(): Promise<void> {
    await perChainAsync(async (chain) => {
      try {
        const nonce = this.#isTold ? undefined : await this.#confirmed(chain);
        if (nonce === undefined || this.#isTold) return;
        this.#isTold = true;
        this.#onStranger(usedByOthers(this.#address, chain, nonce));
      } catch (error) {
        if (classifyRpcError(error) === "own mistake") this.#parts.stream.publish({ kind: "fault", error });
      }
    });
  }

  /** The nonce that every one of some looks finds strange. */
  async #confirmed(chain: Chain): Promise<number | undefined> {
    for (let look = 1; ; look++) {
      const nonce = await this.#strangeNow(chain);
      if (nonce === undefined || look === LOOKS) return nonce;
      await this.#parts.clock.sleep(BETWEEN_LOOKS_MS);
    }
  }

  async #strangeNow(chain: Chain): Promise<number | undefined> {
    const { nodes, watchers, clock } = this.#parts;
    const count = await this.#count(chain);
    if (this.#strange(chain, count) === undefined) return undefined;
    // It may be one of our own in a block that nobody was told of yet.
    const head = await nodes[chain].blockNumber();
    const until = clock.now() + READ_WITHIN_MS;
    while (watchers[chain].readTo < head && clock.now() < until) await clock.sleep(POLL_MS);
    return watchers[chain].readTo < head ? undefined : this.#strange(chain, count);
  }

  /** The first nonce below this count that none of the run's own transactions had. */
  #strange(chain: Chain, count: number): number | undefined {
    let nonce = this.#next[chain];
    while (nonce < count && this.#mined[chain].has(nonce)) nonce++;
    return nonce < count ? nonce : undefined;
  }

  #count(chain: Chain): Promise<number> {
    return this.#parts.nodes[chain].transactionCount(this.#address);
  }
}

const usedByOthers = (address: string, chain: Chain, nonce: number): StressError =>
  new StressError(
    "FUNDER_SHARED",
    `somebody else sends transactions of the funder ${address}: its nonce ${nonce} on L${chain} was used, and not by this run, ` +
      "whose own transactions that refuses",
    "use a funder of its own for every target and every tool; the lines above tell what was given back",
  );
