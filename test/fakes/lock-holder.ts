// Takes the lock that its arguments name, says so in one line, and keeps it until it is killed.
import { lockTarget } from "../../fixtures/stack/lock.ts";
import { StressError } from "../../stress/engine/base/errors.ts";
import { stackAt } from "./stack.ts";

const [funder = "", l1 = "", l2 = "", platform = process.platform] = process.argv.slice(2);
try {
  await lockTarget(funder, stackAt(l1, l2), "run", platform as NodeJS.Platform);
  process.stdout.write("locked\n");
  setInterval(() => undefined, 1000);
} catch (error) {
  if (!(error instanceof StressError)) throw error;
  process.stdout.write(`${error.code}\n`);
}
