import type { Recovery } from "../../fixtures/recovery/recovery.ts";
import type { LogPaths } from "../../fixtures/run/logs.ts";
import type { RunResult } from "../../fixtures/run/run-result.ts";
import type { WriteBytes } from "../../stress/journal/line-file.ts";
import type { Chosen } from "./world/hazards.ts";
import type { ProtocolName } from "./world/protocol-names.ts";
import type { Weather } from "./world/weather.ts";
import type { World } from "./world/world.ts";

/** What of a world is not drawn from its seed. */
export interface Setting {
  /** Whose world it is; the legacy protocol's, where nothing is said. */
  readonly protocol?: ProtocolName;
  readonly weather?: Weather;
  /** Strikes that happen, of those that are drawn. */
  readonly chosen?: Chosen;
  readonly children?: number;
  /** How long children are driven. Virtual milliseconds. */
  readonly loadMs?: number;
  /** Payments of each child that are under way at once; with more than one there is nothing else. */
  readonly inFlight?: number;
  /** How logs are written, and where results go. */
  readonly write?: WriteBytes;
  readonly runFolder?: LogPaths["runFolder"];
}

/** What a simulated run came to. */
export interface Simulated {
  readonly seed: number;
  readonly weather: Weather;
  readonly world: World;
  /** Whether there was no room for a log. */
  readonly wasDiskFull: boolean;
  /** Undefined where the process was killed, or the run ended in an error. */
  readonly result: RunResult | undefined;
  /** How many were made by the end of the run, the funder's included: recoveries make more. */
  readonly crossings: number;
  /** The error that the run ended in, after it gave everything back. */
  readonly thrown: unknown;
  /** Of the last recovery, where one was needed. */
  readonly recovery: Recovery | undefined;
  /** Addresses of the run's children. */
  readonly children: readonly string[];
  readonly opLog: string;
  readonly printed: readonly string[];
}
