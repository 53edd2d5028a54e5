import { type Chain, type PerChain, perChain, type Source } from "../engine/base/index.ts";
import type { BaseFees } from "../engine/chain/index.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { TrafficSnapshot } from "../engine/rpc/index.ts";
import type { Engine } from "../engine/run/index.ts";

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
  /** What went over the wire. */
  readonly traffic: TrafficSnapshot;
  /** Wei; undefined on chains without EIP-1559. */
  readonly baseFee: BaseFees | undefined;
}

interface Counts {
  readonly reorganisations: { block: number; depth: number }[];
  takenBack: number;
  rebroadcast: number;
  replaced: number;
  outages: number;
}

/** Counts what happens on both chains beside the operations. */
export class ChainCounts {
  readonly #counts: PerChain<Counts> = perChain(() => ({
    reorganisations: [],
    takenBack: 0,
    rebroadcast: 0,
    replaced: 0,
    outages: 0,
  }));

  constructor(stream: Source<EngineEvent>) {
    const of = (chain: Chain): Counts => this.#counts[chain];
    stream.subscribe("chains", {
      reorganisation: ({ chain, commonBlock, depth }) =>
        of(chain).reorganisations.push({ block: commonBlock + 1, depth }),
      "taken back": ({ transaction }) => of(transaction.chain).takenBack++,
      resent: ({ transaction, how }) => of(transaction.chain)[how]++,
      outage: ({ chain }) => of(chain).outages++,
    });
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
