import type { LedgerReport } from "../engine/audit/index.ts";
import { CHAINS, type Chain, exactEther } from "../engine/base/index.ts";
import {
  amountOf,
  type AssetName,
  BALANCE,
  type Difference,
  etherIn,
  type Holding,
  NOTHING,
  type ReconciledBooks,
} from "../engine/ledger/index.ts";
import { crossingsTable } from "./crossings-table.ts";
import { table } from "./table.ts";

const signed = (wei: bigint): string => (wei > 0n ? `+${exactEther(wei)}` : exactEther(wei));

/** The books of both chains, side by side: opening, what happened, closing, and what is unaccounted for. ETH. */
export function booksTable({ chains, unaccounted, assets }: LedgerReport): string[] {
  const row = (name: string, read: (books: ReconciledBooks) => Holding): string[] => [
    name,
    ...CHAINS.map((chain) => {
      const books = chains[chain];
      return books.kind === "reconciled" ? signed(etherIn(read(books), assets)) : "unknown";
    }),
  ];
  const moved = (cause: string) => row(cause, ({ causes }) => causes[cause] ?? NOTHING);
  return [
    ...table([
      ["books, ETH", "L1", "L2"],
      row("opening", ({ opening }) => opening),
      ...causesOf(chains)
        .map(moved)
        .filter(([, ...cells]) => cells.some((text) => text !== "0.0")),
      row("closing", ({ closing }) => closing),
      ["unaccounted for", ...CHAINS.map((chain) => signed(unaccounted[chain]))],
    ]),
    ...CHAINS.flatMap((chain) => {
      const books = chains[chain];
      return books.kind === "unknown" ? [`L${chain} could not be read: ${books.reason}`] : [];
    }),
  ];
}

/** The causes of both chains, each chain's in its own order: one that only L2 has comes where L2 has it. */
function causesOf(chains: LedgerReport["chains"]): string[] {
  const [one, two] = CHAINS.map((chain) => {
    const books = chains[chain];
    return books.kind === "reconciled" ? Object.keys(books.causes) : [];
  });
  const merged = [...(one ?? [])];
  for (const [at, cause] of (two ?? []).entries()) {
    if (merged.includes(cause)) continue;
    const before = two?.[at - 1];
    merged.splice(before === undefined ? 0 : merged.indexOf(before) + 1, 0, cause);
  }
  return merged;
}

/** Where books and chains differ: accounts, blocks and transactions. */
export function differencesReport({ chains, crossings, assets }: LedgerReport): string[] {
  const differences = CHAINS.flatMap((chain: Chain) => {
    const books = chains[chain];
    return books.kind === "reconciled" ? books.differences : [];
  });
  return [
    ...CHAINS.flatMap((chain) => untoldOn(chain, differences)),
    ...differences.flatMap((difference) => describe(difference, assets)),
    ...(crossings.length === 0
      ? []
      : ["Crossings that were not paid as is due:", ...crossingsTable(crossings)]),
  ];
}

/** What the chain's receipts leave out, and what the books differ by where they do. */
function untoldOn(chain: Chain, differences: readonly Difference[]): string[] {
  const found = differences.filter((one) => one.chain === chain && one.untold !== undefined);
  if (found.length === 0) return [];
  const what = [...new Set(found.flatMap(({ untold = [] }) => untold))].join(" and ");
  const sum = found.reduce((total, { amounts }) => total + amountOf(amounts, BALANCE), 0n);
  const transactions = new Set(found.flatMap((one) => one.transactions)).size;
  const on = `${transactions} transaction${transactions === 1 ? "" : "s"}`;
  return [
    `L${chain}'s receipts do not tell the ${what}, which this chain charges: the books differ by ${signed(sum)} ETH on ${on}`,
  ];
}

function describe(difference: Difference, assets: readonly AssetName[]): string[] {
  const { chain, account, amounts, between, transactions, foreign } = difference;
  const what = assets.flatMap(({ name, label, isEther }) => {
    const amount = amountOf(amounts, name);
    return amount === 0n ? [] : [`${label} ${signed(amount)}${isEther ? " ETH" : ""}`];
  });
  return [
    `L${chain} ${account}: ${what.join(", ")}, after block ${between[0]} and not after block ${between[1]}`,
    ...transactions.map((hash) => `    booked there: ${hash}`),
    ...foreign.map((hash) => `    sent by the account, but not by this run: ${hash}`),
  ];
}
