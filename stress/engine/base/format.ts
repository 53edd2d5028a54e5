import { formatEther, formatUnits } from "ethers";

/** Wei as ether with at most six decimals, as a person reads it. */
export function ether(wei: bigint): string {
  const [whole = "0", fraction = ""] = formatEther(wei).split(".");
  return `${whole}.${fraction.padEnd(6, "0").slice(0, 6)}`;
}

/** Wei as ether, to the last wei. */
export const exactEther = (wei: bigint): string => formatEther(wei);

/** Wei as gwei with at most three decimals. */
export const gwei = (wei: bigint): string =>
  String(Math.round(Number(formatUnits(wei, "gwei")) * 1000) / 1000);

/** Milliseconds as seconds with one decimal. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Milliseconds as seconds with three decimals. */
export const exactSeconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

const UNITS = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1000 },
] as const;

/** A time as people say it, in the largest unit that it is at least two of, to a tenth: `7 d`, `45 min`, `3.5 d`, `90 s`. */
export function describeDuration(ms: number): string {
  const { name, ms: unit } = UNITS.find((one) => ms >= 2 * one.ms) ?? { name: "s", ms: 1000 };
  return `${Number((ms / unit).toFixed(1))} ${name}`;
}
