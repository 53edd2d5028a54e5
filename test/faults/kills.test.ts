import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain, perChainAsync } from "../../stress/engine/base/chain.ts";
import { drawsOf } from "../../stress/engine/base/random.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { type Command, run, start, VITEST } from "../cli/command.ts";
import { FUNDER, type OwnFolders, ownTarget } from "../cli/own-target.ts";
import { openTestBed, type TestBed } from "../run/running.ts";

/** What the journal says at the moment of the kill: funding, each operation's phases, the stop, the refunds. */
const MOMENTS: readonly RegExp[] = [
  /^# scenario=/m,
  /^# funder=AL/m,
  /^OP_START,\d+,IF/m,
  /^OP_WATCH,\d+,IF/m,
  /^OP_DONE_,\d+,IF/m,
  /^OP_START,\d+,PY/m,
  /^OP_WATCH,\d+,PY/m,
  /^OP_WATCH,\d+,AL/m,
  /^OP_WATCH,\d+,FO/m,
  /^OP_DONE_,\d+,FO/m,
  /^OP_START,\d+,SO/m,
  /^OP_WATCH,\d+,SO/m,
  /^OP_WATCH,\d+,FX/m,
  /^OP_DONE_,\d+,FX/m,
  /^OP_WATCH,\d+,SX/m,
  /^OP_DONE_,\d+,SX/m,
  /^OP_WATCH,\d+,RL/m,
  /^OP_START,\d+,RF/m,
  /^OP_WATCH,\d+,RF/m,
  /^OP_DONE_,\d+,DN/m,
  /^# funder=RL/m,
];

const SEED = 3;

/** Longest pause between what the journal says and the kill. Milliseconds. */
const MOST_PAUSE_MS = 400;

/** One in so many recoveries is killed as well. */
const KILLED_RECOVERY = 4;

/** Wei that a run of this size may cost: gas, and what the pools keep. */
const COST = 3n * 10n ** 17n;

const SHARES = { l1: { AL: 20, FO: 30, SO: 30 }, l2: { AL: 20, RL: 20, FX: 30, SX: 30 } };

let bed: TestBed;
let env: OwnFolders;

beforeAll(async () => {
  bed = await openTestBed({ l2BlockTime: 200 });
  env = ownTarget(bed, "mine", { shares: SHARES, funding: { poolMinimumEth: 5 } });
});

afterAll(() => bed.close());

const funds = () => perChainAsync((chain: Chain) => bed.providers[chain].getBalance(FUNDER));
const journal = (): string => join(env.ROLLUP_STRESS_LOGS, "op.log");

async function killGroup(command: Command): Promise<void> {
  process.kill(-(command.process.pid ?? 0), "SIGKILL");
  await command.exited;
}

/** Kills all processes of a run a drawn moment after its journal says this, or lets it end. */
async function runUntil(moment: RegExp, at: number): Promise<void> {
  const from = existsSync(journal()) ? readFileSync(journal(), "utf8").length : 0;
  const args = ["run", "stress/mixed", "--target", "mine", "--children", "8", "--duration", "4s"];
  const command = start(VITEST, [...args, "--seed", String(100 + at)], env);
  const hasEnded = (): boolean => command.process.exitCode !== null;
  const isReached = (): boolean =>
    existsSync(journal()) && moment.test(readFileSync(journal(), "utf8").slice(from));
  while (!hasEnded() && !isReached()) await sleep(5);
  await sleep(drawsOf(SEED, at, 0)("pause") * MOST_PAUSE_MS);
  if (!hasEnded()) await killGroup(command);
  // What the run left half written must not be in the way of anything that is written later.
  if (existsSync(journal())) appendTornLine(at);
}

/** A kill in the middle of a write: rare by itself, so that it is made here. */
function appendTornLine(at: number): void {
  if (at % 5 === 0) writeFileSync(journal(), "OP_START,0", { flag: "a" });
}

const RECOVER = ["tools/recover.ts", "--target", "mine", "--wait", "60s"];

test.each(MOMENTS.map((moment, at) => ({ moment, at })))(
  "a run that is killed after $moment is recovered to the wei",
  async ({ moment, at }) => {
    const before = await funds();
    await runUntil(moment, at);
    if (at % KILLED_RECOVERY === 1) {
      const recovery = start(process.execPath, RECOVER, env);
      await sleep(800 + drawsOf(SEED, at, 1)("recovery") * 2000);
      if (recovery.process.exitCode === null) await killGroup(recovery);
    }
    const { code, printed } = await run(process.execPath, RECOVER, env);
    expect(code, printed).toBe(0);
    // A run that ended by itself has left no books open.
    const [, books = "unaccounted for 0.0 0.0"] = printed.split(/^books, ETH.*$/m);
    expect(books).toMatch(/^unaccounted for +0\.0 +0\.0$/m);
    const after = await funds();
    const cost = before[1] + before[2] - after[1] - after[2];
    expect(cost).toBeLessThan(COST);
    // Nothing is left to account for: the next recovery has no open books.
    const again = await run(process.execPath, RECOVER, env);
    expect(again.printed).not.toMatch(/^books, ETH/m);
    expect(again.code, again.printed).toBe(0);
    expect(() => parseOpLog(readFileSync(journal(), "utf8").replaceAll(/^OP_START,0$/gm, "#"))).not.toThrow();
  },
);
