import type { Stop } from "../base/index.ts";
import { prove } from "../audit/index.ts";
import type { RunView } from "../../protocols/operation.ts";
import type { Child } from "./child.ts";
import { type Driving, drivenChild } from "./driven.ts";
import { dueOf } from "./due.ts";
import type { Engine } from "./engine.ts";
import { driveStays, waitToLeave } from "./leaving.ts";
import type { RunPlan } from "./plan.ts";

type Drive = NonNullable<RunPlan["drive"]>;

/** What a scenario drives its children with. */
export interface DrivingParts {
  readonly plan: Pick<RunPlan, "choices" | "seed">;
  readonly engine: Engine;
  readonly view: RunView;
  readonly stop: Stop;
  readonly perform: Driving["perform"];
  /** Resolves when something is over; what it throws ends the run. */
  readonly guard: (life: Promise<void>) => Promise<void>;
}

/** A scenario's own driving, in place of a load model: it performs operations in its own order, and the run is over when it returns. */
export class OwnDriving {
  readonly #parts: DrivingParts;
  /** undefined where it has not begun, or is through. */
  #going: Promise<void> | undefined;

  constructor(parts: DrivingParts) {
    this.#parts = parts;
  }

  begin(drive: Drive, children: readonly Child[]): void {
    const { guard, stop } = this.#parts;
    this.#going = guard(this.#drive(drive, children)).then(() => {
      this.#going = undefined;
      stop.raise(1, { kind: "finished" });
    });
  }

  /**
   * Gives it time to notice that the run is over, and no more: the refunds wait for nobody's code.
   *
   * @returns what is told of one that did not return
   */
  async left(): Promise<Error | undefined> {
    const { stop, engine } = this.#parts;
    if (this.#going === undefined) return undefined;
    await waitToLeave(this.#going, stop, engine.clock);
    return this.#going === undefined || stop.hard.aborted ? undefined : driveStays(stop);
  }

  async #drive(drive: Drive, children: readonly Child[]): Promise<void> {
    const { plan, engine, view, stop, perform } = this.#parts;
    const { choices, seed } = plan;
    const driving = { choices, view, seed, isStopping: () => stop.level > 0, perform };
    await drive(
      children.map((child) => drivenChild(child, driving)),
      {
        signal: stop.soft,
        prove: () => prove(engine),
        dueOf: (performed) => dueOf(engine, performed),
      },
    );
  }
}
