import type { CrossingAudit } from "../engine/audit/index.ts";
import type { GeneratorMeter } from "../engine/base/index.ts";
import type { Engine, Run } from "../engine/run/index.ts";
import type { BridgeStatus } from "../protocols/protocol.ts";
import type { RUN_PHASES } from "./result/schema.ts";

/** What somebody who looks on at a run is shown of it, before its first transaction. */
export interface Observed {
  readonly engine: Engine;
  readonly run: Run;
  /** Measures the process that drives the children. */
  readonly meter: GeneratorMeter;
  readonly target: string;
  readonly protocol: string;
}

/**
 * Somebody who looks on at a run and tells of it elsewhere. What happens comes over the run's stream of events; this is what does
 * not. An error of its own costs a warning, and never the run.
 */
export interface Onlooker {
  /** A phase of the run begins. */
  readonly phase?: (phase: (typeof RUN_PHASES)[number]) => void;
  /** What the bridge keeps, in wei, by name: each time that it was asked for. */
  readonly levels?: (levels: BridgeStatus["levels"]) => void;
  /** What a fault plan did: known when the load is over. */
  readonly injected?: (faults: readonly { readonly fault: string }[]) => void;
  /** What became of each crossing: known after the refunds. */
  readonly audited?: (audit: CrossingAudit) => void;
  /** The run is over, whatever came of it. It is waited for: for seconds at most. */
  readonly ended: () => Promise<void>;
}

/** Begins to look on at a run. */
export type LookOn = (observed: Observed) => Onlooker;
