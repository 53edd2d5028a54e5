import { Traffic } from "../../stress/engine/rpc/index.ts";
import type { RunResult } from "../../fixtures/run/run-result.ts";
import {
  type AuditedCrossing,
  CROSSING_CLASSES,
  type CrossingAudit,
  type CrossingClass,
  ledgerReport,
} from "../../stress/engine/audit/index.ts";
import { perChain } from "../../stress/engine/base/index.ts";
import {
  type AssetName,
  BALANCE,
  type ChainBooks,
  type Difference,
  type ReconciledBooks,
} from "../../stress/engine/ledger/index.ts";
import { hashOf } from "./chain.ts";
import { addressOf } from "./contracts.ts";
import { idOf } from "./events.ts";

export const ETHER = 10n ** 18n;

/** What the books of the tests count. */
export const ASSETS: readonly AssetName[] = [
  { name: BALANCE, label: "balance", isEther: true },
  { name: "stake", label: "stake", isEther: true },
  { name: "tokens", label: "fee tokens", isEther: false },
];

/** 100 wei less than booked on L1, between blocks 11 and 12. */
export const difference = (own: Partial<Difference> = {}): Difference => ({
  amounts: { balance: -100n },
  chain: 1,
  account: addressOf(70),
  between: [11, 12],
  transactions: [hashOf("payout")],
  foreign: [],
  ...own,
});

export const booksOn = (chain: 1 | 2, own: Partial<ReconciledBooks> = {}): ChainBooks => ({
  kind: "reconciled",
  chain,
  block: 20,
  opening: { balance: 3n * ETHER },
  closing: { balance: ETHER, stake: ETHER, tokens: 0n },
  causes: {},
  differences: [],
  ...own,
});

/** A fast exit of child 7 that was paid 5 wei too little. */
export const audited = (own: Partial<AuditedCrossing> = {}): AuditedCrossing => ({
  class: "wrong amount",
  code: "FX",
  who: 7,
  from: 2,
  paidOn: 1,
  hash: hashOf("deposit"),
  block: 11,
  startedAt: 0,
  arrivals: [],
  asset: BALANCE,
  message: idOf(1),
  deposit: 1000n,
  due: 985n,
  paid: 980n,
  difference: -5n,
  age: 2500,
  late: false,
  rateKnown: true,
  ...own,
});

export const auditOf = (
  counts: Partial<Record<CrossingClass, number>> = {},
  own: Partial<CrossingAudit> = {},
): CrossingAudit => ({
  counts: {
    ...(Object.fromEntries(CROSSING_CLASSES.map((one) => [one, 0])) as Record<CrossingClass, number>),
    ...counts,
  },
  late: 0,
  outOfOrder: 0,
  rateUnknown: 0,
  exceptions: [],
  fromStrangers: [],
  ...own,
});

/** What the matchers look at of a run's result. */
export function resultWith({
  l1 = booksOn(1),
  audit = auditOf(),
}: {
  readonly l1?: ChainBooks;
  readonly audit?: CrossingAudit;
} = {}): RunResult {
  return {
    scenario: "mixed",
    seed: 7,
    reason: { kind: "duration" },
    load: { model: "closed" },
    operations: 0,
    failed: [],
    abandoned: [],
    figures: [],
    slowest: [],
    loadMs: 10_000,
    unreturned: 0n,
    dust: 0n,
    cost: 0n,
    problems: [],
    ledger: ledgerReport({ 1: l1, 2: booksOn(2) }, audit.exceptions, ASSETS),
    audit,
    chains: perChain(() => ({
      reorganisations: [],
      takenBack: 0,
      rebroadcast: 0,
      replaced: 0,
      outages: 0,
      preconfirmations: { kept: 0, broken: [] },
      baseFee: undefined,
      traffic: new Traffic([]).snapshot(),
    })),
    injected: [],
    findings: [],
    folder: "logs/local-2026-01-01T00-00-00Z-mixed",
    clean: true,
  };
}
