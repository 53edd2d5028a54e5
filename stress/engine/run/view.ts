import type { RunView } from "../../protocols/operation.ts";
import type { Child } from "./child.ts";
import type { Engine } from "./engine.ts";
import type { RunPlan } from "./plan.ts";

/** One in this many children must stay on L2. */
const STAYS_ON_L2 = 5;

/** The run as its operations see it. */
export const runView = (
  { bridge, funder, submitter }: Pick<Engine, "bridge" | "funder" | "submitter">,
  { minimumBalance, drive }: Pick<RunPlan, "minimumBalance" | "drive">,
  children: readonly Child[],
): RunView => ({
  bridge,
  funder: funder.address,
  children: children.map(({ address }) => address),
  minimumBalance,
  feeBound: (chain, gas) => submitter.feeBound(chain, gas),
  mayLeaveL2: () => {
    // A scenario that picks the operations itself knows what it wants.
    if (drive !== undefined) return true;
    // One that is about to submit its exit is still on L2, and counts as gone.
    const stays = ({ on, phase }: Child): boolean => (phase.at === "busy" ? phase.open.to : on) === 2;
    const onL2 = children.filter((child) => child.phase.at !== "done" && stays(child)).length;
    return onL2 - 1 >= Math.floor(children.length / STAYS_ON_L2);
  },
});
