import type { PerChain } from "../../../stress/engine/base/index.ts";
import type { Chain } from "../../../stress/engine/base/index.ts";
import type { SimChain } from "./chain.ts";
import type { Dice } from "./dice.ts";
import type { Hazards } from "./hazards.ts";
import type { Weather } from "./weather.ts";

/** What a rollup is made of. */
export interface RollupParts {
  /** Whoever has the money. Lower case. */
  readonly funder: string;
  /** What the funder has on each chain at the beginning. Wei. */
  readonly funds: bigint;
  /** When the first blocks are. Unix milliseconds. */
  readonly beginning: number;
  readonly weather: Weather;
  readonly hazards: Hazards;
  readonly dice: Dice;
}

/** A protocol's part of a world: two chains, what lies between them, and who serves it. */
export interface Rollup {
  readonly chains: PerChain<SimChain>;
  /** Mines a chain's next block, with what services do in it. @param at Unix milliseconds */
  mine(chain: Chain, at: number): void;
  /** What is not where it belongs now that all should be over, ETH in hands left out: a line for each. */
  left(children: readonly string[]): string[];
  /** How many crossings were begun, on both chains together. */
  readonly crossings: number;
  /** What the funder has in the bridge, on both chains together. Wei. */
  readonly funderShare: bigint;
}

export type RollupOf = (parts: RollupParts) => Rollup;
