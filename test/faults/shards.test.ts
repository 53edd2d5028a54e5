import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resultFile } from "../../stress/report/result/schema.ts";
import { run, start, VITEST } from "../cli/command.ts";
import { FUNDER, ownTarget } from "../cli/own-target.ts";
import { openOpStack } from "../run/running.ts";

/** Wei that a few hundred transactions of four shards may cost. */
const FEES = 10n ** 18n;

const SHARDS = [1, 2, 3, 4] as const;

test("four shards share one stack: one is killed and recovered, all money comes back, and their journals are one", async () => {
  const bed = await openOpStack();
  try {
    const owned = async (): Promise<bigint> =>
      (await bed.providers[1].getBalance(FUNDER)) + (await bed.providers[2].getBalance(FUNDER));
    const before = await owned();
    const env = ownTarget(bed, "mine", { protocol: "op-stack", limits: { maxFundEth: 400 } });
    const logs = SHARDS.map(() => mkdtempSync(join(tmpdir(), "rollup-logs-")));
    const own = (shard: number) => ({ ...env, ROLLUP_STRESS_LOGS: logs[shard - 1] ?? "" });
    const load = [
      "run",
      "stress/mixed",
      "--target",
      "mine",
      "--children",
      "22",
      "--duration",
      "15s",
      "--seed",
      "7",
    ];
    const shards = SHARDS.map((shard) => start(VITEST, [...load, "--shard", `${shard}/4`], own(shard)));
    const killed = shards[2];
    const journaled = (): string => readFileSync(join(logs[2] ?? "", "op.log"), "utf8");
    await killed?.until(/mixed: 5 children[^]*phase load/);
    await expect.poll(journaled, { timeout: 30_000 }).toMatch(/^OP_DONE_,\d+,[FS][OX]/m);
    process.kill(-(killed?.process.pid ?? 0), "SIGKILL");
    for (const other of shards.filter((one) => one !== killed))
      expect(await other.exited, other.printed()).toBe(0);

    // On another machine, which has the funder's key and no logs.
    const elsewhere = { ...env, ROLLUP_STRESS_LOGS: mkdtempSync(join(tmpdir(), "rollup-logs-")) };
    const recover = ["tools/recover.ts", "--target", "mine", "--shard", "3/4"];
    const recovered = await run(process.execPath, [...recover, "--seed", "7", "--children", "5"], elsewhere);
    expect(recovered.code, recovered.printed).toBe(0);
    expect(before - (await owned())).toBeLessThan(FEES);

    // Nothing is left for whoever has its journal, which says so from then on.
    const again = await run(process.execPath, recover, own(3));
    expect(again.printed).toContain("Everything is back");
    const merged = mkdtempSync(join(tmpdir(), "rollup-merged-"));
    const { code, printed } = await run(process.execPath, ["tools/merge.ts", ...logs, "--to", merged], {});
    expect(code, printed).toBe(0);
    expect(printed).toMatch(/^3\/4 .* killed, recovered$/m);
    expect(printed).toMatch(/operations, each started and done once/);
    const result = resultFile.parse(JSON.parse(readFileSync(join(merged, "result.json"), "utf8")));
    expect(result.conditions.children).toBe(22);
    expect(existsSync(join(merged, "report.html"))).toBe(true);
    const journal = readFileSync(join(merged, "op.log"), "utf8");
    expect(new Set([...journal.matchAll(/^OP_INIT_,(\d+)/gm)].map(([, child]) => child)).size).toBe(22);
  } finally {
    await bed.close();
  }
});

test("a shard needs chains that all shards reach, and says what to start", async () => {
  const logs = { ROLLUP_STRESS_LOGS: mkdtempSync(join(tmpdir(), "rollup-logs-")) };
  const { code, printed } = await run(
    VITEST,
    ["run", "stress/payments", "--own-stack", "--shard", "2/4"],
    logs,
  );
  expect(code).toBe(2);
  expect(printed).toMatch(/shard 2\/4 needs chains that all shards reach.*\n.*npm run local-stack/);
});
