import { HAZARDS, type Chosen, type Hazard } from "./world/hazards.ts";
import { PROTOCOL_NAMES, type ProtocolName } from "./world/protocol-names.ts";
import { TRAITS, type Trait } from "./world/weather.ts";

/** Traits of a world that are left in it, and of a hazard the strikes that happen; all of them where none are named. */
export type Only = ReadonlyMap<Trait, ReadonlySet<number> | undefined>;

/** A world, as it is drawn from its seed or as what is left of that. */
export interface Selection {
  readonly seed: number;
  /** Even seeds are the legacy protocol's, where nothing is said, odd ones the OP Stack's. */
  readonly protocol?: ProtocolName;
  readonly only?: Only;
  readonly children?: number;
  /** Payments of each child that are under way at once: then there is nothing else. */
  readonly inFlight?: number;
  /** How long children are driven. Seconds. */
  readonly load?: number;
}

/** Whose world it is. */
export const protocolOf = ({ seed, protocol }: Selection): ProtocolName =>
  protocol ?? (seed % 2 === 0 ? "ovm2" : "op-stack");

/** @throws {BadSelection} */
export function parseProtocol(text: string): ProtocolName {
  const name = PROTOCOL_NAMES.find((one) => one === text);
  if (name === undefined)
    throw new BadSelection(`there is no protocol "${text}": there are ${PROTOCOL_NAMES.join(", ")}`);
  return name;
}

/** Raised where words on the command line mean no world. */
export class BadSelection extends Error {
  override readonly name = "BadSelection";
}

const isHazard = (trait: string): trait is Hazard => HAZARDS.some((hazard) => hazard === trait);

/**
 * Reads `lostAnswers:3+17,jitter`: the third and the seventeenth lost answer, and blocks that are late.
 *
 * @throws {BadSelection}
 */
export function parseOnly(text: string): Only {
  const parts = text.split(",").filter((part) => part !== "");
  return new Map(
    parts.map((part) => {
      const [name = "", strikes] = part.split(":");
      const trait = TRAITS.find((one) => one === name);
      if (trait === undefined)
        throw new BadSelection(`a world has no trait "${name}": there are ${TRAITS.join(", ")}`);
      if (strikes === undefined) return [trait, undefined] as const;
      if (!isHazard(trait) || !/^\d+(\+\d+)*$/.test(strikes))
        throw new BadSelection(`"${part}" is none: strikes are numbers, as in lostAnswers:3+17`);
      return [trait, new Set(strikes.split("+").map(Number))] as const;
    }),
  );
}

export const formatOnly = (only: Only): string =>
  [...only]
    .map(([trait, strikes]) => (strikes === undefined ? trait : `${trait}:${[...strikes].join("+")}`))
    .join(",");

/** The words by which the command runs this world alone. */
export const wordsOf = ({ seed, protocol, only, children, inFlight, load }: Selection): string =>
  [
    `--seed ${seed}`,
    ...(protocol === undefined ? [] : [`--protocol ${protocol}`]),
    ...(only === undefined ? [] : [`--only ${formatOnly(only) || '""'}`]),
    ...(children === undefined ? [] : [`--children ${children}`]),
    ...(inFlight === undefined ? [] : [`--in-flight ${inFlight}`]),
    ...(load === undefined ? [] : [`--load ${load}`]),
  ].join(" ");

/** The strikes that happen. */
export const chosenOf = (only: Only): Chosen =>
  new Map([...only].flatMap(([trait, strikes]) => (isHazard(trait) ? [[trait, strikes] as const] : [])));
