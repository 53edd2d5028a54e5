// `npm run compare -- <before> <now>`: a run's figures beside those of earlier ones.
import { compareWithBaseline, worseIn } from "../fixtures/run/baseline.ts";
import { StressError } from "../stress/engine/base/index.ts";
import { VERBS } from "./options.mjs";
import { ownOptions, refuse, wordsOf } from "./read-options.mjs";

const { fail = false } = ownOptions(VERBS.compare);
const [before, now] = wordsOf(VERBS.compare, process.argv.slice(2));
if (before === undefined || now === undefined) refuse(VERBS.compare, "wants two places");
try {
  const comparison = compareWithBaseline(now, before, console.log);
  if (comparison === undefined) process.exit(2);
  if (fail && worseIn(comparison).length > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof StressError)) throw error;
  console.error(error.render());
  process.exit(2);
}
