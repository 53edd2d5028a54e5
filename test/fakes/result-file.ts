import { ethers } from "ethers";
import { Recording } from "../../stress/report/result/recording.ts";
import type { OperationPath } from "../../stress/report/result/operation-path.ts";
import { resultOperations } from "../../stress/report/result/result-operations.ts";
import { type ResultFile, resultFile } from "../../stress/report/result/schema.ts";
import { Summary } from "../../stress/report/summary.ts";

/** What a hostile node, or a test's title, may hold. */
export const HOSTILE = '</script><img src=x onerror="document.title=1"><b>&';

const START = Date.UTC(2026, 10, 26, 12);
const KINDS: readonly (readonly [code: string, from: 1 | 2, to: 1 | 2, ms: number])[] = [
  ["PY", 2, 2, 400],
  ["FO", 1, 2, 1300],
  ["FX", 2, 1, 2400],
  ["SX", 2, 1, 9000],
];

const hashOf = (...of: readonly (string | number)[]): string => ethers.id(of.join("-"));

/** The nth operation of a run that does ten of them a second. */
export function pathOf(n: number): OperationPath {
  const [code, from, to, ms] = KINDS[n % KINDS.length] ?? ["PY", 2, 2, 400];
  const took = ms * (1 + ((n * 7919) % 1000) / 1000);
  const startedAt = START + n * 100;
  const isFailed = n % 997 === 5;
  const own = { what: "own", chain: from, hash: hashOf(n), block: n, blockTime: startedAt + 300, seen: 400 };
  const payout = {
    what: "payout",
    chain: to,
    hash: hashOf(n, "paid"),
    block: n + 9,
    blockTime: startedAt + 900,
  };
  return {
    child: n % 50,
    code,
    from,
    to,
    startedAt,
    outcome: isFailed ? "failed" : "succeeded",
    gasUsed: 21_000n + BigInt(n % 100),
    gasEstimated: 24_000n,
    phases: [
      ["submitted", took * 0.05],
      ["receipt", took * 0.3],
      ...(code === "SX"
        ? ([
            ["provable", took * 0.5],
            ["proven", took * 0.6],
            ["finalisable", took * 0.9],
            ["finalised", took * 0.97],
          ] as const)
        : []),
      ["finished", took],
    ],
    transactions: from === to ? [own] : [own, { ...payout, seen: took }],
    ...(isFailed ? { why: HOSTILE } : {}),
  };
}

/** The operations of a run as its result has them. */
function operationsOf(count: number): ResultFile["operations"] {
  const [recording, summary] = [new Recording(), new Summary()];
  let failed = 0;
  for (let n = 0; n < count; n++) {
    const path = pathOf(n);
    const { child, code, to: chain, gasUsed, gasEstimated } = path;
    const succeeded = path.outcome === "succeeded";
    if (!succeeded) failed++;
    const phases = path.phases.flatMap(([phase, ms]) => (/^(subm|rec|finished)/.test(phase) ? [ms] : []));
    summary.add({ record: "done", child, code, chain, succeeded, gasUsed, gasEstimated, phases });
    recording.started(code, path.startedAt);
    recording.ended(path, path.startedAt + (phases.at(-1) ?? 0));
  }
  return resultOperations(recording, summary.rows(), { performed: count, failed, abandoned: 0 });
}

const books = (chain: 1 | 2) => ({
  kind: "reconciled" as const,
  chain,
  block: 900,
  opening: { balance: "3000000000000000000" },
  closing: { balance: "2999999999999999900" },
  causes: { "gas fee": { balance: "-100" }, payment: { balance: "0" } },
  differences:
    chain === 2
      ? []
      : [
          {
            amounts: { balance: "-7" },
            chain,
            account: hashOf("account"),
            between: [3, 4],
            transactions: [hashOf(1)],
            foreign: [],
          },
        ],
});

const chainOf = (chain: 1 | 2) => ({
  reorganisations: [{ block: 7, depth: 2 }],
  takenBack: 1,
  rebroadcast: 0,
  replaced: 0,
  outages: 0,
  preconfirmations: { kept: 0, broken: [] },
  traffic: {
    endpoints: [`https://l${chain}.example`],
    requests: 12_345,
    httpRequests: 999,
    webSocketMessages: 0,
    repeated: 3,
    errors: { "time-out": 2 },
  },
});

/** The result of a run of so many operations that has everything that a result can have, and did not hold. */
export function brokenResult(count: number): ResultFile {
  const hash = hashOf("deposit");
  const seconds = count / 10;
  return resultFile.parse({
    version: 1,
    source: "run",
    verdict: { is: "not held", held: false, reasons: ["1 crossing was paid more than once.", HOSTILE] },
    conditions: {
      scenario: HOSTILE,
      target: "sepolia",
      protocol: "op-stack",
      seed: 7,
      children: 50,
      options: { target: "sepolia", children: 50 },
      commit: "0123456789abcdef0123456789abcdef01234567",
      chains: {
        1: {
          endpoints: ["https://l1.example"],
          chainId: 1,
          client: HOSTILE,
          confirmations: 1,
          explorer: "https://scan.example",
        },
        2: { endpoints: ["https://l2.example"], chainId: 2, confirmations: 0 },
      },
      environment: { node: "v24", system: "Linux", processor: "some", cores: 2, memory: 2 ** 34, ci: true },
    },
    time: {
      startedAt: START,
      endedAt: START + seconds * 1000,
      phases: [
        { phase: "funding", at: START, ms: seconds * 50 },
        { phase: "load", at: START + seconds * 50, ms: seconds * 900 },
        { phase: "audit", at: START + seconds * 950, ms: seconds * 50 },
      ],
    },
    operations: operationsOf(count),
    crossings: {
      counts: {
        "paid once": count,
        "settled back": 0,
        "in flight": 0,
        lost: 0,
        "not known": 0,
        doubled: 1,
        "wrong amount": 0,
        "wrong recipient": 0,
      },
      late: 0,
      outOfOrder: 0,
      rateUnknown: 0,
      exceptions: [
        {
          class: "doubled",
          code: "FX",
          who: 7,
          from: 2,
          paidOn: 1,
          hash,
          block: 5,
          startedAt: START,
          arrivals: [1, 2].map((at) => ({
            chain: 1,
            hash: hashOf("arrival", at),
            block: 6 + at,
            at: START + at,
            paid: true,
          })),
          message: hashOf("message"),
          asset: "balance",
          deposit: "1000",
          due: "985",
          paid: "1970",
          difference: "985",
          age: 2500,
          late: false,
          rateKnown: true,
        },
      ],
      fromStrangers: [],
    },
    books: {
      conserved: false,
      assets: [{ name: "balance", label: "balance", isEther: true }],
      chains: { 1: books(1), 2: books(2) },
      unaccounted: { 1: "-7", 2: "0" },
      unaccountedTokens: {},
      cost: "1000000000000000",
      unreturned: "0",
      dust: "10",
      problems: [],
    },
    findings: [{ detector: "doubled", count: 1, what: "1 crossings" }],
    injected: [{ fault: "duplicate relay", what: "a message was relayed twice", at: START }],
    load: { model: "closed" },
    generator: { delayP99: 12, busy: 0.3, cpu: 0.4, bottlenecks: [] },
    chains: { 1: chainOf(1), 2: chainOf(2) },
    samples: Array.from({ length: 30 }, (_, at) => ({
      at: START + (at * seconds * 1000) / 30,
      open: at,
      calls: [at * 100, at * 200],
      repeated: [at, 0],
      errors: [0, at],
      levels: { "pool on L1": String(10n ** 18n * BigInt(20 - at)), portal: "5000000000000000000" },
      generator: { delayP99: 11 + at, busy: 0.2, cpu: 0.3 },
    })),
  });
}
