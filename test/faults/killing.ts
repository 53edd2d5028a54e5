import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type Chain, perChainAsync } from "../../stress/engine/base/chain.ts";
import { drawsOf } from "../../stress/engine/base/random.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { type Command, run, start, VITEST } from "../cli/command.ts";
import { FUNDER, type OwnFolders } from "../cli/own-target.ts";
import type { TestBed } from "../run/running.ts";

const SEED = 3;

/** Longest pause between what the journal says and the kill. Milliseconds. */
const MOST_PAUSE_MS = 400;

/** One in so many recoveries is killed as well. */
const KILLED_RECOVERY = 4;

/** Wei that a run of this size may cost: gas, and what the bridge keeps. */
const COST = 3n * 10n ** 17n;

/** The name of the target that `ownTarget` is to make. */
export const TARGET = "mine";

const RECOVER = ["tools/recover.ts", "--target", TARGET, "--wait", "60s"];

/** Kills runs on a stack, and recovers what they left. */
export class Killing {
  readonly #bed: TestBed;
  readonly #env: OwnFolders;

  constructor(bed: TestBed, env: OwnFolders) {
    this.#bed = bed;
    this.#env = env;
  }

  get #journal(): string {
    return join(this.#env.ROLLUP_STRESS_LOGS, "op.log");
  }

  #funds() {
    return perChainAsync((chain: Chain) => this.#bed.providers[chain].getBalance(FUNDER));
  }

  async #killGroup(command: Command): Promise<void> {
    process.kill(-(command.process.pid ?? 0), "SIGKILL");
    await command.exited;
  }

  /** Kills all processes of a run a drawn moment after its journal says this, or lets it end. */
  async #runUntil(moment: RegExp, at: number): Promise<void> {
    const journal = this.#journal;
    const from = existsSync(journal) ? readFileSync(journal, "utf8").length : 0;
    const args = ["run", "stress/mixed", "--target", TARGET, "--children", "8", "--duration", "4s"];
    const command = start(VITEST, [...args, "--seed", String(100 + at)], this.#env);
    const hasEnded = (): boolean => command.process.exitCode !== null;
    const isReached = (): boolean =>
      existsSync(journal) && moment.test(readFileSync(journal, "utf8").slice(from));
    while (!hasEnded() && !isReached()) await sleep(5);
    await sleep(drawsOf(SEED, at, 0)("pause") * MOST_PAUSE_MS);
    if (!hasEnded()) await this.#killGroup(command);
    // What the run left half written must not be in the way of anything that is written later.
    if (existsSync(journal)) this.#appendTornLine(at);
  }

  /** A kill in the middle of a write: rare by itself, so that it is made here. */
  #appendTornLine(at: number): void {
    if (at % 5 === 0) writeFileSync(this.#journal, "OP_START,0", { flag: "a" });
  }

  /** A run that is killed after its journal says this is recovered to the wei; some recoveries are killed, too. */
  async killAndRecover(moment: RegExp, at: number): Promise<void> {
    const before = await this.#funds();
    await this.#runUntil(moment, at);
    if (at % KILLED_RECOVERY === 1) {
      const recovery = start(process.execPath, RECOVER, this.#env);
      await sleep(800 + drawsOf(SEED, at, 1)("recovery") * 2000);
      if (recovery.process.exitCode === null) await this.#killGroup(recovery);
    }
    const { code, printed } = await run(process.execPath, RECOVER, this.#env);
    expect(code, printed).toBe(0);
    // A run that ended by itself has left no books open.
    const [, books = "unaccounted for 0.0 0.0"] = printed.split(/^books, ETH.*$/m);
    expect(books).toMatch(/^unaccounted for +0\.0 +0\.0$/m);
    const after = await this.#funds();
    const cost = before[1] + before[2] - after[1] - after[2];
    expect(cost).toBeLessThan(COST);
    // Nothing is left to account for: the next recovery has no open books.
    const again = await run(process.execPath, RECOVER, this.#env);
    expect(again.printed).not.toMatch(/^books, ETH/m);
    expect(again.code, again.printed).toBe(0);
    const journal = readFileSync(this.#journal, "utf8").replaceAll(/^OP_START,0$/gm, "#");
    expect(() => parseOpLog(journal)).not.toThrow();
  }
}
