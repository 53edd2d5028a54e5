import type { LedgerReport } from "../engine/audit/index.ts";
import { CHAINS, type Chain, exactEther, type PerChain } from "../engine/base/index.ts";
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

const signedUnits = (units: bigint): string => (units > 0n ? `+${units}` : String(units));

/** How one of the tables of the books is made. */
interface Counted {
  readonly title: string;
  /** What it counts of a holding. */
  readonly read: (holding: Holding) => bigint;
  readonly write: (amount: bigint) => string;
  readonly unaccounted: PerChain<bigint>;
}

/**
 * The books of both chains, side by side: opening, what happened, closing, and what is unaccounted for. One table for ETH, and one for
 * each other asset that accounts had any of.
 */
export function booksTable(report: LedgerReport): string[] {
  const { chains, assets, unaccounted, unaccountedTokens } = report;
  const ether: Counted = {
    title: "books, ETH",
    read: (holding) => etherIn(holding, assets),
    write: signed,
    unaccounted,
  };
  const tokens = assets
    .filter(({ name, isEther }) => !isEther && isThere(chains, name))
    .map(
      ({ name, label }): Counted => ({
        title: `books, ${label} (smallest units)`,
        read: (holding) => amountOf(holding, name),
        write: signedUnits,
        unaccounted: unaccountedTokens[name] ?? { 1: 0n, 2: 0n },
      }),
    );
  return [
    ...[ether, ...tokens].flatMap((counted) => tableOf(chains, counted)),
    ...CHAINS.flatMap((chain) => {
      const books = chains[chain];
      return books.kind === "unknown" ? [`L${chain} could not be read: ${books.reason}`] : [];
    }),
  ];
}

/** Whether any account had some of an asset, or got some. */
const isThere = (chains: LedgerReport["chains"], asset: string): boolean =>
  CHAINS.some((chain) => {
    const books = chains[chain];
    if (books.kind === "unknown") return false;
    const holdings = [books.opening, books.closing, ...Object.values(books.causes)];
    return holdings.some((holding) => amountOf(holding, asset) !== 0n);
  });

function tableOf(chains: LedgerReport["chains"], { title, read, write, unaccounted }: Counted): string[] {
  const amounts = (of: (books: ReconciledBooks) => Holding): (bigint | undefined)[] =>
    CHAINS.map((chain) => {
      const books = chains[chain];
      return books.kind === "reconciled" ? read(of(books)) : undefined;
    });
  const row = (name: string, of: (books: ReconciledBooks) => Holding): string[] => [
    name,
    ...amounts(of).map((amount) => (amount === undefined ? "unknown" : write(amount))),
  ];
  const caused = (cause: string) => (books: ReconciledBooks) => books.causes[cause] ?? NOTHING;
  return table([
    [title, "L1", "L2"],
    row("opening", ({ opening }) => opening),
    ...causesOf(chains)
      .filter((cause) => amounts(caused(cause)).some((amount) => amount !== 0n))
      .map((cause) => row(cause, caused(cause))),
    row("closing", ({ closing }) => closing),
    ["unaccounted for", ...CHAINS.map((chain) => write(unaccounted[chain]))],
  ]);
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
    if (amount === 0n) return [];
    return [isEther ? `${label} ${signed(amount)} ETH` : `${label} ${signedUnits(amount)}`];
  });
  return [
    `L${chain} ${account}: ${what.join(", ")}, after block ${between[0]} and not after block ${between[1]}`,
    ...transactions.map((hash) => `    booked there: ${hash}`),
    ...foreign.map((hash) => `    sent by the account, but not by this run: ${hash}`),
  ];
}
