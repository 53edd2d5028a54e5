import type { RunView } from "../../protocols/operation.ts";
import type { Census } from "./census.ts";
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
  census: Pick<Census, "staying">,
): RunView => ({
  bridge,
  funder: funder.address,
  children: children.map(({ address }) => address),
  minimumBalance,
  feeBound: (chain, gas) => submitter.feeBound(chain, gas),
  // A scenario that picks the operations itself knows what it wants.
  mayLeaveL2: () => drive !== undefined || census.staying(2) - 1 >= Math.floor(children.length / STAYS_ON_L2),
});
