import { mistakes } from "./oracle.ts";
import { chosenOf, protocolOf, type Selection } from "./selection.ts";
import { simulate } from "./simulate.ts";
import type { Simulated } from "./simulated.ts";
import { Dice } from "./world/dice.ts";
import type { Hazard } from "./world/hazards.ts";
import { drawWeather, only, type Trait, traitsOf } from "./world/weather.ts";

/** What one world came to. */
export interface Verdict {
  readonly mistakes: readonly string[];
  /** What was not fair about it. */
  readonly traits: readonly Trait[];
  /** How often each hazard struck. */
  readonly strikes: Readonly<Partial<Record<Hazard, number>>>;
}

/** Runs a world. */
export function simulateSelected(selection: Selection): Promise<Simulated> {
  const { seed, children, inFlight, load } = selection;
  const drawn = drawWeather(new Dice(seed).apart("weather"));
  return simulate(seed, {
    protocol: protocolOf(selection),
    ...(selection.only === undefined
      ? {}
      : { weather: only(drawn, new Set(selection.only.keys())), chosen: chosenOf(selection.only) }),
    ...(children === undefined ? {} : { children }),
    ...(inFlight === undefined ? {} : { inFlight }),
    ...(load === undefined ? {} : { loadMs: load * 1000 }),
  });
}

/** Runs a world, and judges what became of it. What it throws is wrong, too. */
export async function verdictOf(selection: Selection): Promise<Verdict> {
  try {
    const simulated = await simulateSelected(selection);
    const strikes = Object.fromEntries(simulated.world.hazards.strikes);
    return { mistakes: mistakes(simulated), traits: traitsOf(simulated.weather), strikes };
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const drawn = drawWeather(new Dice(selection.seed).apart("weather"));
    return { mistakes: [told], traits: traitsOf(drawn), strikes: {} };
  }
}
