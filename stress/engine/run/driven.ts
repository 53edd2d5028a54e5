import { Abandoned, drawsOf, type Draws, type Chain } from "../base/index.ts";
import type { Performed } from "../events.ts";
import type { Operation, RunView, Wanted } from "../../protocols/operation.ts";
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
  perform(child: Child, operation: Operation, draws: Draws, wanted: Wanted): Promise<Performed>;
}

/** A child as a scenario drives it. */
export function drivenChild(child: Child, driving: Driving): DrivenChild {
  const { seed } = driving;
  return {
    number: child.number,
    address: child.address,
    get on() {
      return child.on;
    },
    balance: (chain: Chain) => child.balance(chain),
    ready: (code, wanted = {}) => {
      if (driving.isStopping()) return "the run is stopping";
      if (child.phase.at === "busy") return `${child.phase.open.code} is under way`;
      return refusalOf(child, operationOf(code, driving), wanted, driving);
    },
    perform: async (code, wanted = {}) => {
      if (driving.isStopping()) throw new Abandoned("the run is stopping");
      const operation = operationOf(code, driving);
      const reason = refusalOf(child, operation, wanted, driving);
      if (reason !== undefined)
        throw new CannotPerform(`child ${child.number} cannot perform ${code} now: ${reason}`);
      return driving.perform(child, operation, drawsOf(seed, child.number, child.turn++), wanted);
    },
  };
}

function operationOf(code: string, { choices }: Driving): Operation {
  const operation = choices.find((one) => one.code === code);
  if (operation === undefined) throw new CannotPerform(`there is no operation ${code}: ${known(choices)}`);
  return operation;
}

/** Why a child cannot perform this now, or undefined. */
function refusalOf(
  child: Child,
  operation: Operation,
  wanted: Wanted,
  { view }: Driving,
): string | undefined {
  const { from, code, takesAmount = false } = operation;
  const { amount } = wanted;
  if (amount !== undefined && !takesAmount) return `${code} takes no amount`;
  if (amount !== undefined && (typeof amount !== "bigint" || amount <= 0n))
    return `an amount is a bigint above 0, in wei: not ${String(amount)}`;
  if (from !== "either" && from !== child.on)
    return `it starts on L${from}, and the child is on L${child.on}`;
  if (operation.applies?.(child) === false) return "does not apply";
  return operation.ready(child, view, wanted);
}

const known = (choices: readonly Operation[]): string =>
  choices.map(({ code, name }) => `${code} (${name})`).join(", ");
