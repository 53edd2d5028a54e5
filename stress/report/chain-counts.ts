import { type Chain, type PerChain, perChain, type Source } from "../engine/base/index.ts";
import type { BaseFees } from "../engine/chain/index.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { TrafficSnapshot, TxHash } from "../engine/rpc/index.ts";
import type { Engine } from "../engine/run/index.ts";
import type { BecameOfPreconfirmation } from "../engine/transactions/index.ts";

/** A preconfirmation that was not kept. */
export interface BrokenPreconfirmation {
  readonly hash: TxHash;
  /** The block that it named. */
  readonly block: number;
  readonly became: Exclude<BecameOfPreconfirmation, { readonly is: "kept" }>;
}

/** What nodes answered of own transactions before there was a block, as far as it was seen. */
export interface PreconfirmationCounts {
  readonly kept: number;
  readonly broken: readonly BrokenPreconfirmation[];
}

/** What happened on a chain beside the operations. */
export interface ChainEvents {
  /** Each with its first block that is gone, and how many there were. */
  readonly reorganisations: readonly { readonly block: number; readonly depth: number }[];
  /** Own transactions that reorganisations took out of the chain. */
  readonly takenBack: number;
  /** Own transactions that were sent again because no node knew them any more. */
  readonly rebroadcast: number;
  /** Own transactions that were replaced with a higher fee. */
  readonly replaced: number;
  /** Times that the endpoint began not to answer. */
  readonly outages: number;
  readonly preconfirmations: PreconfirmationCounts;
  /** What went over the wire. */
  readonly traffic: TrafficSnapshot;
  /** Wei; undefined on chains without EIP-1559. */
  readonly baseFee: BaseFees | undefined;
}

/** What of it the stream tells. */
export type ChainNotices = Omit<ChainEvents, "traffic" | "baseFee">;

interface Counts {
  readonly reorganisations: { block: number; depth: number }[];
  takenBack: number;
  rebroadcast: number;
  replaced: number;
  outages: number;
  readonly preconfirmations: { kept: number; broken: BrokenPreconfirmation[] };
}

/** Counts what happens on both chains beside the operations. */
export class ChainCounts {
  readonly #counts: PerChain<Counts> = perChain(() => ({
    reorganisations: [],
    takenBack: 0,
    rebroadcast: 0,
    replaced: 0,
    outages: 0,
    preconfirmations: { kept: 0, broken: [] },
  }));

  constructor(stream: Source<EngineEvent>) {
    const of = (chain: Chain): Counts => this.#counts[chain];
    stream.subscribe("chains", {
      reorganisation: ({ chain, commonBlock, depth }) =>
        of(chain).reorganisations.push({ block: commonBlock + 1, depth }),
      "taken back": ({ transaction }) => of(transaction.chain).takenBack++,
      resent: ({ transaction, how }) => of(transaction.chain)[how]++,
      outage: ({ chain }) => of(chain).outages++,
      preconfirmation: ({ transaction, hash, block, became }) => {
        const counts = of(transaction.chain).preconfirmations;
        if (became.is === "kept") counts.kept++;
        else counts.broken.push({ hash, block, became });
      },
    });
  }

  /** What was seen so far. */
  get notices(): PerChain<ChainNotices> {
    return this.#counts;
  }

  /** What was seen so far, with what the wire and the headers tell. */
  events({ nodes, watchers }: Pick<Engine, "nodes" | "watchers">): PerChain<ChainEvents> {
    return perChain((chain) => ({
      ...this.#counts[chain],
      traffic: nodes[chain].traffic.snapshot(),
      baseFee: watchers[chain].baseFees,
    }));
  }
}
