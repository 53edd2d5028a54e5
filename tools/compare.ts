// `npm run compare -- <before> <now>`: a run's figures beside those of earlier ones.
import { parseArgs } from "node:util";
import { compareWithBaseline, worseIn } from "../fixtures/run/baseline.ts";
import { StressError } from "../stress/engine/base/index.ts";

const USAGE = `npm run compare -- <before> <now> [--fail]

  Each is a result.json, a run's folder, or a folder of such folders: of <before> all runs of the
  same scenario count, of <now> the newest.
  --fail  exit code 1 where anything is worse`;

function refuse(message: string): never {
  console.error(`compare: ${message}\n\n${USAGE}`);
  process.exit(2);
}

function given() {
  try {
    const options = {
      fail: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    } as const;
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const { values, positionals } = given();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [before, now, ...more] = positionals;
if (before === undefined || now === undefined || more.length > 0) refuse("wants two places");
try {
  const comparison = compareWithBaseline(now, before, console.log);
  if (comparison === undefined) process.exit(2);
  if (values.fail && worseIn(comparison).length > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof StressError)) throw error;
  console.error(error.render());
  process.exit(2);
}
