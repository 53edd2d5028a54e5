import { z } from "zod";
import { RUN_PHASES } from "../result/schema.ts";

const count = z.number().nonnegative();

/** Milliseconds. */
const ms = z.number().nonnegative();

const code = z.object({
  code: z.string(),
  running: count,
  done: count,
  failed: count,
  /** How long those took that ended in the last minute; none where none did. */
  p50: ms.optional(),
  p95: ms.optional(),
});

const openOperation = z.object({
  child: count,
  code: z.string(),
  age: ms,
  waitingFor: z.string(),
  /** Of its own transaction, once it was sent. */
  hash: z.string().optional(),
});

/** A run at a moment, as whoever watches sees it. It travels between processes as JSON. */
export const liveSnapshot = z.object({
  scenario: z.string(),
  target: z.string(),
  phase: z.enum(["checks", ...RUN_PHASES]),
  /** How long it has been at that. */
  phaseMs: ms,
  /** How far it is with that, as far as anybody knows: 0 to 1, in words, and how long the rest will take. */
  progress: z.object({
    part: z.number().min(0).max(1).optional(),
    what: z.string().optional(),
    leftMs: ms.optional(),
  }),
  stopLevel: z.number(),
  children: count,
  /** Operations over, and those of them that failed. */
  performed: count,
  failed: count,
  /** Operations that ended each second of late. */
  rate: count,
  codes: z.array(code),
  /** What the bridge keeps, by name: ether, as text. */
  levels: z.array(z.tuple([z.string(), z.string()])),
  /** Those open for longest, oldest first. */
  slowest: z.array(openOperation),
  /** Operations that are open. */
  open: count,
  /** What ought not to be, each in a few words. */
  found: z.array(z.string()),
});

export type LiveSnapshot = z.output<typeof liveSnapshot>;
