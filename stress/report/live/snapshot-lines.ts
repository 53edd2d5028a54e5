import { clipped } from "../fitted.ts";
import { counted, plural, shortHash, took } from "../page/words.ts";
import { table } from "../table.ts";
import type { LiveSnapshot } from "./snapshot.ts";

/** What a line is, for who gives it a colour. */
export type Tone = "title" | "plain" | "faint" | "bad";

export interface TonedLine {
  readonly tone: Tone;
  readonly text: string;
}

/** The room there is on a terminal. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** A bar's characters, and where a terminal is wide enough for a longer one. */
const BAR = 12;
const WIDE_BAR = 24;
const WIDE = 100;

/** Lines before the table of the codes. */
const BEFORE_CODES = 3;

const hash = (value: string | undefined, columns: number): string =>
  value === undefined ? "" : ` ${columns >= 160 ? value : shortHash(value)}`;

/**
 * A run as it is now, in lines that fit: the first ones are the most important, and the last ones are left out where there is no room
 * for them.
 */
export function snapshotLines(snapshot: LiveSnapshot, { columns, rows }: Room): TonedLine[] {
  const lines: TonedLine[] = [
    { tone: "title", text: headLine(snapshot, columns) },
    { tone: snapshot.failed > 0 ? "bad" : "plain", text: countsLine(snapshot) },
    foundLine(snapshot),
    ...codeLines(snapshot, Math.max(0, rows - BEFORE_CODES)),
    ...slowLines(snapshot, columns),
    ...levelLines(snapshot),
  ];
  return lines.slice(0, Math.max(0, rows)).map(({ tone, text }) => ({ tone, text: clipped(text, columns) }));
}

function headLine(
  { scenario, target, phase, progress, phaseMs, stopLevel }: LiveSnapshot,
  columns: number,
): string {
  const { part } = progress;
  const bar = part === undefined ? "" : `${barOf(part, columns >= WIDE ? WIDE_BAR : BAR)} `;
  const far = farOf(progress) ?? `for ${wholeSeconds(phaseMs)}`;
  const stop = stopLevel === 0 ? "" : ` · stop level ${stopLevel}`;
  return `${phase} ${bar}${far}${stop} · ${scenario} on ${target}`;
}

/** How far a phase is, and how long the rest of it takes; undefined where nobody knows. */
export function farOf({ part, leftMs }: LiveSnapshot["progress"]): string | undefined {
  if (part === undefined) return undefined;
  const left = leftMs === undefined ? "" : `, ${wholeSeconds(leftMs)} left`;
  return `${Math.floor(part * 100)} %${left}`;
}

/** Of what changes all the time nobody reads tenths of a second. */
const wholeSeconds = (ms: number): string => (ms < 60_000 ? `${Math.round(ms / 1000)} s` : took(ms));

const barOf = (part: number, length: number): string => {
  const full = Math.round(part * length);
  return "█".repeat(full) + "░".repeat(length - full);
};

function countsLine({ performed, rate, failed, open, children, progress: { what } }: LiveSnapshot): string {
  const figures = [
    ...(what === undefined ? [] : [what]),
    plural(performed, "operation"),
    pace(rate),
    `${counted(failed)} failed`,
    `${counted(open)} open`,
    `${counted(children)} ${children === 1 ? "child" : "children"}`,
  ];
  return figures.join(", ");
}

/** Operations a second as people read them. */
export const pace = (rate: number): string => `${rate < 10 ? rate.toFixed(1) : counted(Math.round(rate))}/s`;

const foundLine = ({ found }: LiveSnapshot): TonedLine =>
  found.length === 0
    ? { tone: "faint", text: "found: nothing so far" }
    : { tone: "bad", text: `found: ${found.join("; ")}` };

function codeLines({ codes }: LiveSnapshot, room: number): TonedLine[] {
  if (codes.length === 0) return [];
  const head = ["code", "running", "done", "failed", "p50", "p95"];
  const rows = codes.map(({ code, running, done, failed, p50, p95 }) => [
    code,
    ...[running, done, failed].map(counted),
    ...[p50, p95].map((one) => (one === undefined ? "–" : took(one))),
  ]);
  const [first = "", ...others] = table([head, ...rows]);
  const lines: TonedLine[] = others.map((text, at) => ({
    tone: (codes[at]?.failed ?? 0) > 0 ? "bad" : "plain",
    text,
  }));
  // Of more codes than there is room for, those come first that something happens to.
  const shown = lines.length + 1 <= room ? lines : lines.filter((_, at) => (codes[at]?.running ?? 0) > 0);
  return [{ tone: "faint", text: `${first}  (last minute)` }, ...shown];
}

const slowLines = ({ slowest }: LiveSnapshot, columns: number): TonedLine[] =>
  slowest.map((one) => ({
    tone: "faint",
    text: `open for ${took(one.age)}: ${one.code} of child ${one.child} waits for its ${one.waitingFor}${hash(one.hash, columns)}`,
  }));

const levelLines = ({ levels }: LiveSnapshot): TonedLine[] =>
  levels.length === 0
    ? []
    : [{ tone: "faint", text: `ETH: ${levels.map(([name, ether]) => `${name} ${ether}`).join(", ")}` }];
