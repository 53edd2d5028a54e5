import { writeSync } from "node:fs";
import type { WriteBytes } from "../../../stress/journal/line-file.ts";
import { SmallDisk } from "../../fakes/disk.ts";
import type { ProcessClock } from "./clock.ts";

/** The disk of a world, which may be full: what its processes write their logs on. */
export class SimDisk {
  readonly #write: WriteBytes;
  readonly #small: SmallDisk | undefined;

  /**
   * @param room bytes of logs that there is room for
   * @param write in the place of the system's, with enough room
   */
  constructor(room: number | undefined, write: WriteBytes = writeSync) {
    this.#small = room === undefined ? undefined : new SmallDisk(room);
    this.#write = this.#small?.write ?? write;
  }

  /** Whether anything was not written for want of room. */
  get wasFull(): boolean {
    return (this.#small?.refused ?? 0) > 0;
  }

  /** Somebody makes room. */
  free(): void {
    if (this.#small !== undefined) this.#small.room = Number.POSITIVE_INFINITY;
  }

  /** How a process writes. One that is killed meanwhile leaves a part of it, and none that is dead writes anything. */
  writer(clock: ProcessClock): WriteBytes {
    return (file, bytes, offset) => {
      if (clock.isDead) return bytes.length - offset;
      if (clock.pass()) return this.#write(file, bytes, offset);
      this.#write(file, bytes.subarray(0, offset + ((bytes.length - offset) >> 1)), offset);
      return bytes.length - offset;
    };
  }
}
