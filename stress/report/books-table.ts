import type { ChainBooks, Difference, LedgerReport } from "../engine/ledger/books.ts";
import type { Cause } from "../engine/ledger/ledger.ts";
import { crossingsTable } from "./crossings-table.ts";
import { exactEther, table } from "./format.ts";

const CHAINS = [1, 2] as const;

/** In the order in which a person reads an account. */
const CAUSES: readonly Cause[] = [
  "payment",
  "from strangers",
  "stake",
  "reward",
  "crossing",
  "payout",
  "gas fee",
  "L1 data fee",
];

const signed = (wei: bigint): string => (wei > 0n ? `+${exactEther(wei)}` : exactEther(wei));

/** The books of both chains, side by side: opening, what happened, closing, and what is unaccounted for. ETH. */
export function booksTable({ chains, unaccounted }: LedgerReport): string[] {
  const cell = (chain: 1 | 2, read: (books: ChainBooks & { kind: "reconciled" }) => bigint): string => {
    const books = chains[chain];
    return books.kind === "reconciled" ? signed(read(books)) : "unknown";
  };
  const row = (name: string, read: (books: ChainBooks & { kind: "reconciled" }) => bigint): string[] => [
    name,
    ...CHAINS.map((chain) => cell(chain, read)),
  ];
  const moved = (cause: Cause) => row(cause, ({ causes }) => total(causes[cause]));
  return [
    ...table([
      ["books, ETH", "L1", "L2"],
      row("opening", ({ opening }) => total(opening)),
      ...CAUSES.map(moved).filter(([, ...cells]) => cells.some((text) => text !== "0.0")),
      row("closing", ({ closing }) => total(closing)),
      ["unaccounted for", ...CHAINS.map((chain) => signed(unaccounted[chain]))],
    ]),
    ...CHAINS.flatMap((chain) => {
      const books = chains[chain];
      return books.kind === "unknown" ? [`L${chain} could not be read: ${books.reason}`] : [];
    }),
  ];
}

const total = (holding: { readonly balance: bigint; readonly stake: bigint } | undefined): bigint =>
  holding === undefined ? 0n : holding.balance + holding.stake;

/** Where books and chains differ: accounts, blocks and transactions. */
export function differencesReport({ chains, crossings }: LedgerReport): string[] {
  const differences = CHAINS.flatMap((chain) => {
    const books = chains[chain];
    return books.kind === "reconciled" ? books.differences : [];
  });
  return [
    ...differences.flatMap(describe),
    ...(crossings.length === 0
      ? []
      : ["Crossings that were not paid as is due:", ...crossingsTable(crossings)]),
  ];
}

function describe(difference: Difference): string[] {
  const { chain, account, balance, stake, tokens, between, transactions, foreign } = difference;
  const what = [
    ...(balance === 0n ? [] : [`balance ${signed(balance)} ETH`]),
    ...(stake === 0n ? [] : [`stake ${signed(stake)} ETH`]),
    ...(tokens === 0n ? [] : [`fee tokens ${signed(tokens)}`]),
  ];
  return [
    `L${chain} ${account}: ${what.join(", ")}, after block ${between[0]} and not after block ${between[1]}`,
    ...transactions.map((hash) => `    booked there: ${hash}`),
    ...foreign.map((hash) => `    sent by the account, but not by this run: ${hash}`),
  ];
}
