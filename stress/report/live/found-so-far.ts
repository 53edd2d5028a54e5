import { CHAINS, type Chain, type PerChain, perChain, type Source } from "../../engine/base/index.ts";
import { BROKEN, type CrossingAudit } from "../../engine/audit/index.ts";
import type { BlockRead, MessageId } from "../../engine/chain/index.ts";
import type { EngineEvent, OperationDone } from "../../engine/events.ts";
import { plural } from "../page/words.ts";

/** Messages whose arrivals are remembered, at most, on each chain: of a second one a payout may come again soon, if at all. */
const MOST_REMEMBERED = 10_000;

/**
 * What a run has noticed so far that ought not to be, from its events alone: what the audit proves in the end takes more, and has the
 * last word.
 */
export class FoundSoFar {
  readonly #counts = new Map<string, number>();
  readonly #paid: PerChain<Set<MessageId>> = perChain(() => new Set());
  readonly #unsubscribe: () => void;

  constructor(stream: Source<EngineEvent>) {
    this.#unsubscribe = stream.subscribe("report", {
      "operation done": (done) => this.#done(done),
      block: (block) => this.#arrived(block),
      reorganisation: ({ chain }) => {
        this.#paid[chain].clear();
        this.#add(`reorganisation on L${chain}`);
      },
      outage: ({ chain }) => this.#add(`outage of L${chain}'s endpoint`),
      resent: ({ transaction: { chain }, how }) => {
        if (how === "replaced") this.#add(`transaction replaced on L${chain}: its fee was too low`);
      },
      preconfirmation: ({ transaction: { chain }, became }) => {
        if (became.is !== "kept") this.#add(`preconfirmation not kept on L${chain}`);
      },
    });
  }

  #add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  #done({ performed: { steps } }: OperationDone): void {
    for (const { end } of steps)
      if (end !== undefined && end.kind !== "paid") this.#add(`crossing ${end.kind}`);
  }

  #arrived({ chain, arrivals }: BlockRead): void {
    for (const { id, payouts } of arrivals) {
      if (payouts.length === 0) continue;
      if (this.#paid[chain].has(id)) this.#add(`crossing paid again on L${chain}`);
      this.#remember(chain, id);
    }
  }

  #remember(chain: Chain, id: MessageId): void {
    const paid = this.#paid[chain];
    paid.add(id);
    const [oldest] = paid.size <= MOST_REMEMBERED ? [] : paid;
    if (oldest !== undefined) paid.delete(oldest);
  }

  /** The audit's word takes the place of what was seen of crossings. */
  audited({ counts, late, outOfOrder }: CrossingAudit): void {
    for (const what of this.#counts.keys()) if (what.startsWith("crossing ")) this.#counts.delete(what);
    const found = [...BROKEN, "settled back", "not known"] as const;
    const seen = [
      ...found.map((one) => [one, counts[one]] as const),
      ["late", late],
      ["out of order", outOfOrder],
    ] as const;
    for (const [what, count] of seen) if (count > 0) this.#counts.set(`crossing ${what}`, count);
  }

  /** Each in a few words, with how many there were. */
  lines(): string[] {
    return [...this.#counts].map(([what, count]) => {
      const [, noun = what, rest = ""] = /^(\w+)(.*)$/.exec(what) ?? [];
      return `${plural(count, noun)}${rest}`;
    });
  }

  close(): void {
    this.#unsubscribe();
    for (const chain of CHAINS) this.#paid[chain].clear();
  }
}
