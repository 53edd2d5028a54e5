import { Abandoned, drawsOf, type Draws } from "../base/index.ts";
import type { Performed } from "../events.ts";
import type { Operation, RunView } from "../../protocols/operation.ts";
import type { Child } from "./child.ts";
import type { DrivenChild } from "./plan.ts";

/** Raised where an operation that a scenario asks for cannot run. */
export class CannotPerform extends Error {
  override readonly name = "CannotPerform";
}

/** What a scenario's own driving goes through. */
export interface Driving {
  readonly choices: readonly Operation[];
  readonly view: RunView;
  readonly seed: number;
  isStopping(): boolean;
  perform(child: Child, operation: Operation, draws: Draws): Promise<Performed>;
}

/** A child as a scenario drives it. */
export function drivenChild(child: Child, driving: Driving): DrivenChild {
  const { choices, view, seed } = driving;
  return {
    number: child.number,
    address: child.address,
    get on() {
      return child.on;
    },
    perform: async (code) => {
      if (driving.isStopping()) throw new Abandoned("the run is stopping");
      const operation = choices.find((one) => one.code === code);
      if (operation === undefined)
        throw new CannotPerform(`there is no operation ${code}: ${known(choices)}`);
      const reason = operation.applies?.(child) === false ? "does not apply" : operation.ready(child, view);
      if (reason !== undefined)
        throw new CannotPerform(`child ${child.number} cannot perform ${code} now: ${reason}`);
      return driving.perform(child, operation, drawsOf(seed, child.number, child.turn++));
    },
  };
}

const known = (choices: readonly Operation[]): string =>
  choices.map(({ code, name }) => `${code} (${name})`).join(", ");
