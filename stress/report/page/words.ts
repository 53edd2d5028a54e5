import { formatEther } from "ethers";
import type { ResultFile } from "../result/schema.ts";

/** Milliseconds as people read them: `340 ms`, `2.41 s`, `3 min 20 s`, `2 h 5 min`. */
export function took(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A count with separators. */
export const counted = (count: number): string => count.toLocaleString("en-US");

/** `1 operation`, `2 operations`. */
export const plural = (count: number, what: string): string =>
  `${counted(count)} ${what}${count === 1 ? "" : "s"}`;

/** A moment in UTC, to the second. @param at Unix milliseconds */
export const moment = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");

/** Wei, as text, in ether to the last digit that is not 0. */
export const inEther = (wei: string): string => formatEther(BigInt(wei)).replace(/\.0$/, "");

/** Wei in ether with at most six decimals. */
export function roundEther(wei: string): string {
  const [whole = "0", fraction = ""] = formatEther(BigInt(wei)).split(".");
  const short = fraction.slice(0, 6).replace(/0+$/, "");
  return short === "" ? whole : `${whole}.${short}`;
}

/** A hash with its middle left out. */
export const shortHash = (hash: string): string => `${hash.slice(0, 10)}…${hash.slice(-6)}`;

const TITLES: Readonly<Record<ResultFile["verdict"]["is"], string>> = {
  held: "The bridge held",
  "not held": "The bridge did not hold",
  stopped: "Stopped before its end",
  unfinished: "The run has no end",
  unproven: "From a journal alone",
};

/** A verdict in a few words. */
export const verdictTitle = ({ is }: ResultFile["verdict"]): string => TITLES[is];

/** What a run's verdict means, in a sentence. */
export function verdictSentence({ verdict, source, operations }: ResultFile): string {
  switch (verdict.is) {
    case "held":
      return "Every wei is accounted for, every crossing was paid once, and everything came back.";
    case "not held":
      return `${plural(verdict.reasons.length, "reason")}:`;
    case "stopped":
      return "Nothing was wrong until then, but nobody can say what would have come.";
    case "unfinished":
      return "Nothing is proved: neither its books nor its crossings were looked at.";
    case "unproven":
      return `${source} tells of ${plural(operations.performed, "operation")}; of books and crossings it proves nothing.`;
  }
}

/** How long a run was in milliseconds, as far as it is known. */
export function lengthOfRun({ time }: ResultFile): number {
  const last = time.phases.at(-1);
  return Math.max(
    0,
    (time.endedAt ?? (last === undefined ? time.startedAt : last.at + last.ms)) - time.startedAt,
  );
}

/** Operations that ended each second under full load; over all of the run where nobody knows when that was. */
export function throughput(result: ResultFile): number {
  const load = result.time.phases.find(({ phase }) => phase === "load");
  const { from, spanMs, spans } = result.operations.overTime;
  const isLoad = (at: number): boolean =>
    load === undefined ||
    (from + at * spanMs >= load.at - spanMs / 2 && from + at * spanMs < load.at + load.ms);
  const counted = spans.filter((_, at) => isLoad(at));
  const done = counted.flatMap((span) => Object.values(span)).reduce((sum, one) => sum + one.done, 0);
  return counted.length === 0 ? 0 : (done * 1000) / (counted.length * spanMs);
}

/** The slowest operations of all codes, longest first, initial funding and refunds left out where there are others. */
export function slowestOf({ operations }: ResultFile, count: number): ResultFile["operations"]["slowest"] {
  const length = ({ phases }: ResultFile["operations"]["slowest"][number]): number => phases.at(-1)?.[1] ?? 0;
  const own = operations.slowest.filter(({ code }) => code !== "IF" && code !== "RF");
  return (own.length === 0 ? operations.slowest : own)
    .toSorted((a, b) => length(b) - length(a))
    .slice(0, count);
}
