import { type Chain, type PerChain, perChain, type Source } from "../../engine/base/index.ts";
import { BROKEN, type CrossingAudit } from "../../engine/audit/index.ts";
import type { BlockRead, MessageId } from "../../engine/chain/index.ts";
import type { EngineEvent, OperationDone } from "../../engine/events.ts";
import { ChainCounts } from "../chain-counts.ts";
import { chainFindings } from "../findings.ts";
import { plural } from "../page/words.ts";

/** Messages whose arrivals are remembered, at most, on each chain: of a second one a payout may come again soon, if at all. */
const MOST_REMEMBERED = 10_000;

/**
 * What a run has noticed so far that ought not to be, from its events alone: what the audit proves in the end takes more, and has the
 * last word.
 */
export class FoundSoFar {
  readonly #chains: ChainCounts;
  /** How many crossings became what. */
  readonly #crossings = new Map<string, number>();
  readonly #paid: PerChain<Set<MessageId>> = perChain(() => new Set());
  readonly #unsubscribe: () => void;

  constructor(stream: Source<EngineEvent>) {
    this.#chains = new ChainCounts(stream);
    this.#unsubscribe = stream.subscribe("report", {
      "operation done": (done) => this.#done(done),
      block: (block) => this.#arrived(block),
      reorganisation: ({ chain }) => this.#paid[chain].clear(),
    });
  }

  #done({ performed: { steps } }: OperationDone): void {
    for (const { end } of steps) if (end !== undefined && end.kind !== "paid") this.#add(end.kind);
  }

  #arrived({ chain, arrivals }: BlockRead): void {
    for (const { id, payouts } of arrivals) {
      if (payouts.length === 0) continue;
      if (this.#paid[chain].has(id)) this.#add(`paid again on L${chain}`);
      this.#remember(chain, id);
    }
  }

  #add(became: string): void {
    this.#crossings.set(became, (this.#crossings.get(became) ?? 0) + 1);
  }

  #remember(chain: Chain, id: MessageId): void {
    const paid = this.#paid[chain];
    paid.add(id);
    const [oldest] = paid.size <= MOST_REMEMBERED ? [] : paid;
    if (oldest !== undefined) paid.delete(oldest);
  }

  /** The audit's word takes the place of what was seen of crossings. */
  audited({ counts, late, outOfOrder }: CrossingAudit): void {
    this.#crossings.clear();
    const found = [...BROKEN, "settled back", "not known"] as const;
    for (const became of found) if (counts[became] > 0) this.#crossings.set(became, counts[became]);
    if (late > 0) this.#crossings.set("late", late);
    if (outOfOrder > 0) this.#crossings.set("out of order", outOfOrder);
  }

  /** Each in a few words, with how many there were. */
  lines(): string[] {
    const crossings = [...this.#crossings].map(([became, count]) => `${plural(count, "crossing")} ${became}`);
    return [...crossings, ...chainFindings(this.#chains.notices).map(({ what }) => what)];
  }

  close(): void {
    this.#unsubscribe();
  }
}
