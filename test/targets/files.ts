import * as fc from "fast-check";
import { KEY, OWNER, remote } from "./mistakes.ts";

/** Valid content of each format; a mutation of it gets further into the checks than what is made up. */
export const VALID: readonly Readonly<Record<string, unknown>>[] = [
  remote,
  {
    ...remote,
    l1: {
      endpoint: ["https://a.example", "wss://b.example"],
      chainId: 5,
      confirmations: 2,
      gasMultiplier: 1.5,
    },
    shares: { l1: { AL: 5, FO: 20 }, l2: { FX: 10.5 } },
    dispatchInterval: "500ms",
    statisticsEvery: "1m",
    limits: {
      maxFundEth: 5,
      toleratedFailures: 1,
      slowAfter: "10m",
      stuckAfter: "2h",
      giveUpAfter: "forever",
    },
    funding: { minimumBalanceEth: 0.025, perChildEth: 0.3, batch: 5, poolMinimumEth: 1 },
  },
  {
    name: "here",
    stack: { l1BlockTime: 1000, l2BlockTime: 250, fraudProofWindow: 5, exitFee: 1 },
    startChain: 1,
  },
  {
    name: "old",
    endpoints: ["http://localhost:9545", "http://localhost:8545"],
    L1_geth_PoA: true,
    confirmations: [1, 0],
    start_chain: 0,
    op_pct: [
      [5, 20, 20, 0, 0],
      [5, 20, 20, 0, 0],
    ],
    op_delay: 0.5,
    gas_price_gwei: [1.5, 1],
    gas_mult: [1.5, 1],
    funder_acct: [OWNER, KEY],
    max_fund_eth: 2.5,
    address_server: "http://localhost:8080",
  },
];

/** Numbers as JSON may have them, beyond all that a double holds included. */
const NUMBERS = [
  "1e400",
  "-1e400",
  "1e308",
  "1e-320",
  "-0",
  "9007199254740993",
  "0.1",
  "-1",
  "1e30",
  "2147483648",
];

/** Texts that mean something to somebody. */
const TEXTS = [
  "__proto__",
  "constructor",
  "toString",
  "NaN",
  "Infinity",
  "null",
  "forever",
  "0ms",
  "999999999999h",
  "-1s",

  "${NAME}",
  "${__proto__}",
  "${constructor}",
  "__INFURA_KEY__",
  "http:",
  "http://",
  "ws://a:99999",
  "file:///a",
  "",
  " ",
  "\u0000",
  "\uFEFF",
  "\u202E",
  "💥",
  "ｈｔｔｐ://ａ",
  KEY,
  KEY.slice(2),
  OWNER,
  "..",
  "0x",
];

const KNOWN = [...new Set(VALID.flatMap((file) => [...Object.keys(file), ...nestedKeys(file)]))];

const key = fc.oneof(
  fc.constantFrom(...KNOWN, "__proto__", "constructor", "toString", "", "💥"),
  fc.string(),
);

function nestedKeys(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(nestedKeys)];
}

/** The text of a JSON value: JSON.stringify cannot write all numbers that JSON has. */
export const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...NUMBERS, "true", "false", "null"),
    fc.constantFrom(...TEXTS).map((text) => JSON.stringify(text)),
    fc.string({ unit: "binary", maxLength: 12 }).map((text) => JSON.stringify(text)),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(key, tie("value")), { maxLength: 4 })
      .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`),
  ),
})).value;

/** The text of a valid file in which some things were dropped, renamed or put in another's place. */
export const mutated: fc.Arbitrary<string> = fc
  .record({
    file: fc.constantFrom(...VALID),
    changes: fc.array(
      fc.record({ at: fc.nat(), how: fc.constantFrom("drop", "rename", "replace"), key, json }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  })
  .map(({ file, changes }) => {
    let text = JSON.stringify(file);
    for (const change of changes) text = mutate(text, change);
    return text;
  });

interface Change {
  readonly at: number;
  readonly how: string;
  readonly key: string;
  readonly json: string;
}

/** Stands for what is put in: numbers that a double cannot hold would not outlive JSON.parse. */
const HOLE = "«hole»";

function mutate(text: string, { at, how, key, json }: Change): string {
  let place = 0;
  const holed = JSON.parse(text) as unknown;
  const places = countOf(holed);
  const walk = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
      if (place++ !== at % places) return [[name, walk(item)]];
      if (how === "drop") return [];
      return how === "rename" ? [[key, item]] : [[name, HOLE]];
    });
    return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
  };
  return JSON.stringify(walk(holed)).replace(JSON.stringify(HOLE), () => json);
}

function countOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + countOf(item), 0);
}
