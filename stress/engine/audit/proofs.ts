import { CHAINS, type Chain, type Clock, type PerChain, perChain, perChainAsync } from "../base/index.ts";
import type { Reorganisations, Watcher } from "../chain/index.ts";
import type { Bridge } from "../../protocols/protocol.ts";
import {
  amountOf,
  type AssetName,
  type BooksSources,
  type ChainBooks,
  type Difference,
  etherIn,
  type Holding,
  reconcileAt,
} from "../ledger/index.ts";
import type { Audit } from "./audit.ts";
import type { AuditedCrossing, CrossingAudit } from "./crossing-audit.ts";
import { withUntold } from "./untold.ts";

/** Times that books and balances are compared anew, where a reorganisation came in between. */
const ATTEMPTS = 5;

/**
 * How often it is looked whether a watcher has seen the reorganisation that is told by the block it read last, and how long each time. It
 * sees none while one request of its own goes unanswered: together they are more than twice what that may take.
 */
const LOOKS = 15;
const LOOK_MS = 5000;

/** The account of every wei of a run, and of what else the bridge carries. */
export interface LedgerReport {
  /** What the books count. */
  readonly assets: readonly AssetName[];
  readonly chains: PerChain<ChainBooks>;
  /** Crossings that were paid otherwise than is due: their differences are part of what is unaccounted. */
  readonly crossings: readonly AuditedCrossing[];
  /** What the run's accounts have more than all causes explain (less: below 0). Wei; 0 where every wei is accounted for. */
  readonly unaccounted: PerChain<bigint>;
  /** The same of what is no ETH, by name, in smallest units. */
  readonly unaccountedTokens: Readonly<Record<string, PerChain<bigint>>>;
}

/** Puts both chains' books and the audit's findings together. */
export function ledgerReport(
  chains: PerChain<ChainBooks>,
  exceptions: readonly AuditedCrossing[],
  all: readonly AssetName[],
): LedgerReport {
  const assets = all.map(({ name, label, isEther }) => ({ name, label, isEther }));
  const crossings = exceptions.filter(({ difference }) => difference !== 0n);
  const differences = CHAINS.flatMap((chain) => differencesOf(chains[chain]));
  /** By what of a holding is looked at, and by which assets' crossings. */
  const unaccounted = (chain: Chain, read: (amounts: Holding) => bigint, isIts: (asset: string) => boolean) =>
    sum(differences.filter((one) => one.chain === chain).map(({ amounts }) => read(amounts))) +
    sum(
      crossings
        .filter(({ paidOn, asset }) => paidOn === chain && isIts(asset))
        .map(({ difference }) => difference),
    );
  const isEther = (asset: string): boolean => assets.some(({ name, isEther: is }) => is && name === asset);
  const ofToken = (name: string): PerChain<bigint> =>
    perChain((chain) =>
      unaccounted(
        chain,
        (amounts) => amountOf(amounts, name),
        (asset) => asset === name,
      ),
    );
  const tokens = assets.filter((asset) => !asset.isEther);
  return {
    assets,
    chains,
    crossings,
    unaccounted: perChain((chain) => unaccounted(chain, (amounts) => etherIn(amounts, assets), isEther)),
    unaccountedTokens: Object.fromEntries(tokens.map(({ name }) => [name, ofToken(name)])),
  };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const differencesOf = (books: ChainBooks): readonly Difference[] =>
  books.kind === "reconciled" ? books.differences : [];

/** Whether every wei and every token of a run is accounted for, and both chains could be asked. */
export const isConserved = ({ chains, crossings }: LedgerReport): boolean =>
  crossings.length === 0 &&
  CHAINS.every((chain) => {
    const books = chains[chain];
    return books.kind === "reconciled" && books.differences.length === 0;
  });

/** What both proofs say of a run. */
export interface Proofs {
  readonly ledger: LedgerReport;
  readonly audit: CrossingAudit;
}

/** What the proofs are made from. */
export interface ProofSources extends BooksSources {
  readonly audit: Audit;
  readonly bridge: Pick<Bridge, "charges">;
  readonly reorganisations: Reorganisations;
  readonly clock: Clock;
  /** The last block that each watcher has read: as of it the books are. */
  readonly watchers: PerChain<Pick<Watcher, "readTo" | "isCurrent">>;
}

/** Compares the books with both chains, and audits every crossing. It can be done at any time; nothing is changed by it. */
export async function prove(sources: ProofSources): Promise<Proofs> {
  // First of all: payouts that no node told of are booked by it.
  const verdicts = await sources.audit.inquire();
  const chains = await perChainAsync((chain) => reconcile(sources, chain));
  const audit = await sources.audit.report(verdicts);
  return { audit, ledger: ledgerReport(chains, audit.exceptions, sources.assets) };
}

/** Compares what is booked with what accounts own in the state of one block: the last that the watcher has read. */
export async function reconcile(sources: Omit<ProofSources, "audit">, chain: Chain): Promise<ChainBooks> {
  const { reorganisations, watchers } = sources;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const anew = reorganisations.nextOn(chain);
    const books = await reconcileAt(sources, chain, watchers[chain].readTo);
    if (!anew.aborted && (await watchers[chain].isCurrent())) return withUntold(sources, books);
    // What was asked may have been of another branch than what was booked: the watcher will see it, and take that back.
    await untilSeen(sources, chain, anew);
  }
  return { kind: "unknown", chain, reason: "the chain kept being reorganised" };
}

/** Waits until a watcher has seen a reorganisation, or there is none after all: a node on another branch had told of it. */
async function untilSeen(
  { watchers, clock }: Pick<ProofSources, "watchers" | "clock">,
  chain: Chain,
  anew: AbortSignal,
): Promise<void> {
  for (let look = 1; look <= LOOKS && !anew.aborted; look++) {
    await clock.sleep(LOOK_MS, anew);
    if (!anew.aborted && (await watchers[chain].isCurrent())) return;
  }
}
