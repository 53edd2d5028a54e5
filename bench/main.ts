// `npm run bench`: what the suite takes and gives, measured. Compares with the last time; writes logs/bench/*.json.
import "../tools/loopback.mjs";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { logPaths } from "../fixtures/run/logs.ts";
import { table } from "../stress/report/table.ts";
import { type Figure, type Measurement, median, QUICK, WHOLE } from "./measurement.ts";
import { command } from "./measurements/command.ts";
import { driverAlone } from "./measurements/driver-alone.ts";
import { growth } from "./measurements/growth.ts";
import { mixed } from "./measurements/mixed.ts";
import { payments } from "./measurements/payments.ts";

const ALL: readonly Measurement[] = [payments, driverAlone, command, growth, mixed];

const USAGE = `npm run bench -- [--rounds 5] [--only "payments,driver alone"] [--quick]

  --rounds  how often each is measured, in turn with the others; the median counts
  --only    ${ALL.map(({ name }) => name).join(", ")}
  --quick   a few children for a few seconds: shows that it works, and measures nothing

${ALL.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join("\n")}`;

function refuse(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: "string", default: "5" },
        only: { type: "string" },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const told = options();
if (told.help) {
  console.log(USAGE);
  process.exit(0);
}
const rounds = Number(told.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
  refuse(`--rounds ${told.rounds}: a number from 1 to 100`);
const names = told.only?.split(",").map((name) => name.trim());
for (const name of names ?? [])
  if (!ALL.some((one) => one.name === name)) refuse(`--only ${name}: there is no such measurement`);
const chosen = ALL.filter(({ name }) => names?.includes(name) ?? true);
const scale = told.quick ? QUICK : WHOLE;

const shown = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);

const values = new Map<Measurement, Readonly<Record<string, number>>[]>(chosen.map((one) => [one, []]));
for (let round = 1; round <= rounds; round++) {
  for (const one of chosen) {
    console.log(`round ${round} of ${rounds}: ${one.name} …`);
    const found = await one.measure(scale, round);
    values.get(one)?.push(found);
    // Rounds take minutes, and who ends the benchmark early has seen these.
    const told = Object.entries(found).map(([name, value]) => `${name} ${shown(value)}`);
    console.log(`  ${told.join(", ")}`);
  }
}

/** A figure's values of all rounds, and the last time's median. */
interface Measured {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly all: readonly number[];
}

type Book = Record<string, Record<string, Measured>>;

const home = join(logPaths().home, "bench");
const file = join(home, told.quick ? "last-quick.json" : "last.json");

function lastTime(): Book {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { figures: Book }).figures;
  } catch {
    // There was none, or it is of another form: nothing to compare with.
    return {};
  }
}

const measured = (all: readonly number[]): Measured => ({
  median: median(all),
  least: Math.min(...all),
  most: Math.max(...all),
  all,
});

const before = lastTime();
const figures: Book = {};
for (const [{ name, figures: own }, found] of values) {
  figures[name] = Object.fromEntries(
    own.flatMap((figure) => {
      const all = found.map((one) => one[figure.name]).filter((one) => one !== undefined);
      return all.length === 0 ? [] : [[figure.name, measured(all)]];
    }),
  );
}

function wantedOf({ wanted }: Figure): string {
  if (wanted === undefined) return "";
  return "atLeast" in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`;
}

function verdictOf({ wanted }: Figure, value: number): string {
  if (wanted === undefined || told.quick) return "";
  return ("atLeast" in wanted ? value >= wanted.atLeast : value <= wanted.atMost) ? "reached" : "NOT REACHED";
}

for (const { name, about, figures: own } of chosen) {
  const rows = own.flatMap((figure) => {
    const now = figures[name]?.[figure.name];
    if (now === undefined) return [];
    const then = before[name]?.[figure.name];
    const spread = `${shown(now.least)} … ${shown(now.most)}`;
    const last = then === undefined ? "" : shown(then.median);
    return [
      [
        figure.name,
        shown(now.median),
        spread,
        last,
        wantedOf(figure),
        verdictOf(figure, now.median),
        figure.unit,
      ],
    ];
  });
  console.log(`\n${name}: ${about}`);
  for (const line of table([
    ["figure", "median", "least … most", "last time", "wanted", "", "unit"],
    ...rows,
  ]))
    console.log(line);
}
mkdirSync(home, { recursive: true });
const at = new Date().toISOString();
const text = `${JSON.stringify({ version: 1, at, rounds, quick: told.quick, node: process.version, figures: { ...before, ...figures } }, null, 2)}\n`;
writeFileSync(file, text);
writeFileSync(join(home, `${at.replaceAll(":", "-")}.json`), text);
console.log(`\n${file}`);
