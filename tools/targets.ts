// `npm run targets`: what targets there are, and what keeps each from being run on.
import "./loopback.mjs";
import { runningStack } from "../fixtures/stack/stack.ts";
import { preflight } from "../fixtures/target/preflight.ts";
import { presentable, StressError } from "../stress/engine/base/index.ts";
import { loadTarget, missingInTarget, targetNames } from "../targets/load.ts";
import type { Target } from "../targets/target.ts";
import { VERBS } from "./options.mjs";
import { ownOptions } from "./read-options.mjs";

/** What is known of a target. */
interface Listed {
  readonly row: readonly string[];
  /** What is wrong, in lines; none where nothing is. */
  readonly problems: readonly string[];
}

const placeOf = ({ place }: Target): string =>
  place.kind === "endpoints" ? "endpoints" : place.kind === "fork" ? "a fork" : "the local stack";

/** Asks a target's endpoints whether a run could begin: chain ids, contracts, the funder's transactions. */
async function checked(target: Target): Promise<string> {
  const stack = await runningStack(target);
  if (stack === undefined) return "starts with its run";
  const { warnings } = await preflight(target, stack);
  return warnings.length === 0 ? "ready" : warnings.join("; ");
}

async function listed(name: string, isChecked: boolean): Promise<Listed> {
  const missing = missingInTarget(name);
  if (missing.length > 0) return { row: [name, "", "", "", `needs ${missing.join(", ")}`], problems: [] };
  try {
    const target = loadTarget(name);
    const state = isChecked ? await checked(target) : "reads well";
    return { row: [name, target.protocol, placeOf(target), target.funder.address, state], problems: [] };
  } catch (thrown) {
    const error = presentable(thrown);
    if (!(error instanceof StressError)) throw error;
    return { row: [name, "", "", "", "has mistakes"], problems: [`${name}: ${error.render()}`] };
  }
}

const { check = false } = ownOptions(VERBS.targets);
const all: Listed[] = [];
for (const name of targetNames()) all.push(await listed(name, check));
const rows = [["target", "protocol", "where", "funder", ""], ...all.map(({ row }) => row)];
const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
for (const row of rows)
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
const problems = all.flatMap((one) => one.problems);
for (const problem of problems) console.error(`\n${problem}`);
if (problems.length > 0) process.exitCode = 1;
