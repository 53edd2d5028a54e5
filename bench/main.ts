// `npm run bench`: what the suite takes and gives, measured. Compares with the last time; writes logs/bench/*.json.
import "../tools/loopback.mjs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { logPaths } from "../fixtures/run/logs.ts";
import { Book } from "./book.ts";
import { figuresTable, shown } from "./figures-table.ts";
import { type Measurement, QUICK, WHOLE } from "./measurement.ts";
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

const book = new Book(join(logPaths().home, "bench"), told.quick ? "last-quick" : "last", {
  rounds,
  quick: told.quick,
  node: process.version,
});
for (let round = 1; round <= rounds; round++) {
  for (const one of chosen) {
    console.log(`round ${round} of ${rounds}: ${one.name} …`);
    const found = await one.measure(scale, round);
    book.add(one, found);
    // Rounds take minutes, and who ends the benchmark early has seen these.
    const told = Object.entries(found).map(([name, value]) => `${name} ${shown(value)}`);
    console.log(`  ${told.join(", ")}`);
  }
}
for (const one of chosen) {
  console.log(`\n${one.name}: ${one.about}`);
  for (const line of figuresTable(one, book, !told.quick)) console.log(line);
}
console.log(`\n${book.file}`);
