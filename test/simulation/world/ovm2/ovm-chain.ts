import type { Call, Effect, Place } from "../call.ts";
import { execute, gasOf } from "./contracts.ts";
import { OvmState } from "./state.ts";
import { read } from "./view.ts";

/** The state of a legacy rollup's chain, with what its contracts do. */
export class OvmChain extends OvmState {
  copy(): this {
    return new OvmChain(this.chain, this) as this;
  }

  execute(place: Place, call: Call): Effect {
    return execute(this, place, call);
  }

  gasOf(call: Pick<Call, "to" | "data">): bigint {
    return gasOf(this.chain, call);
  }

  protected read(to: string, data: string): string {
    return read(this, to, data);
  }
}
