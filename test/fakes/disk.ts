import { writeSync } from "node:fs";
import type { WriteBytes } from "../../stress/journal/line-file.ts";

/** What a system says of a disk that is full. */
export const FULL = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

/** A disk with room for this many bytes of logs: the last of them are taken, and then it is full. */
export class SmallDisk {
  /** Bytes that there is room for; a test may make some. */
  room: number;
  /** Writes that were refused. */
  refused = 0;

  constructor(room: number) {
    this.room = room;
  }

  readonly write: WriteBytes = (file, bytes, offset) => {
    const length = Math.min(this.room, bytes.length - offset);
    if (length === 0) {
      this.refused++;
      throw FULL;
    }
    const taken = writeSync(file, bytes, offset, length);
    this.room -= taken;
    return taken;
  };
}
