export type { Child, OpenOperation } from "./child.ts";
export { hashOf } from "./child.ts";
export { awaitCrossing } from "./crossing.ts";
export type { Shares } from "./dispatcher.ts";
export { type ChainOptions, type Engine, type EngineSetup, startEngine } from "./engine.ts";
export type { Performer, Task } from "./performer.ts";
export type { DrivenChild, DriveTools, RunLimits, RunPlan } from "./plan.ts";
export { Run } from "./run.ts";
export { supervise, type UnderWay, underWay } from "./supervisor.ts";
