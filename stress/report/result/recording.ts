import type { Clock, Source } from "../../engine/base/index.ts";
import type { EngineEvent } from "../../engine/events.ts";
import { BlockTimes } from "./block-times.ts";
import { KeptPaths } from "./kept-paths.ts";
import type { OperationPath } from "./operation-path.ts";
import { OperationsOverTime } from "./operations-over-time.ts";
import { type PathListener, PathRecorder } from "./path-recorder.ts";
import { Samples } from "./samples.ts";

/** It takes no time, and says nothing of the chains. */
const END_OF_CHILD = "DN";

/** All that a result needs of what happens in a run: of bounded size, however long the run is. */
export class Recording implements PathListener {
  readonly paths = new KeptPaths();
  readonly overTime = new OperationsOverTime();
  readonly samples = new Samples();
  readonly blocks = new BlockTimes();

  /** Takes what happens from now on. */
  follow(stream: Source<EngineEvent>, clock: Pick<Clock, "now">): void {
    new PathRecorder(clock, this, this.blocks).follow(stream);
  }

  started(code: string, at: number): void {
    if (code === END_OF_CHILD) return;
    this.overTime.started(code, at);
  }

  ended(path: OperationPath, endedAt: number): void {
    if (path.code === END_OF_CHILD) return;
    this.paths.take(path);
    this.overTime.ended(path, endedAt);
  }
}
