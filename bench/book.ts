import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Measurement, median } from "./measurement.ts";

/** A figure's values of all rounds so far. */
export interface Measured {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly all: readonly number[];
}

/** Figures by measurement and name. */
export type Figures = Readonly<Record<string, Readonly<Record<string, Measured>>>>;

/** What a benchmark has measured, and what the last one had. */
export class Book {
  /** Of the last time. */
  readonly before: Figures;
  /** The newest figures, in place of the last time's. */
  readonly file: string;
  readonly #own: string;
  readonly #terms: Readonly<Record<string, unknown>>;
  readonly #rounds = new Map<Measurement, Readonly<Record<string, number>>[]>();

  /** @param terms under which it is measured, kept with the figures */
  constructor(home: string, name: string, terms: Readonly<Record<string, unknown>>) {
    mkdirSync(home, { recursive: true });
    this.file = join(home, `${name}.json`);
    this.#own = join(home, `${new Date().toISOString().replaceAll(":", "-")}.json`);
    this.#terms = terms;
    this.before = lastTime(this.file);
  }

  /** Takes a round's figures, and writes all so far: who ends the benchmark early loses none. */
  add(measurement: Measurement, found: Readonly<Record<string, number>>): void {
    this.#rounds.set(measurement, [...(this.#rounds.get(measurement) ?? []), found]);
    const at = new Date().toISOString();
    const figures = { ...this.before, ...this.figures };
    const text = `${JSON.stringify({ version: 1, at, ...this.#terms, figures }, null, 2)}\n`;
    for (const file of [this.#own, this.file]) {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    }
  }

  get figures(): Figures {
    const measurements = [...this.#rounds].map(([{ name, figures }, found]) => {
      const told = figures.flatMap((figure) => {
        const all = found.map((one) => one[figure.name]).filter((one) => one !== undefined);
        return all.length === 0 ? [] : [[figure.name, measured(all)] as const];
      });
      return [name, Object.fromEntries(told)] as const;
    });
    return Object.fromEntries(measurements);
  }
}

function lastTime(file: string): Figures {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { figures: Figures }).figures;
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
