import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEther, Wallet } from "ethers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { logPaths } from "../../fixtures/run/logs.ts";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { CHAINS, type Chain, perChainAsync } from "../../stress/engine/base/index.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { openTestBed, runOn, type TestBed, testTarget } from "../run/running.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const funderOn = (chain: Chain): Wallet => new Wallet(testTarget().funder.key, bed.providers[chain]);

/** A transaction of the funder's, in a person's own wallet. */
const sendAsSomebodyElse = async (chain: Chain, maxFeePerGas: bigint) => {
  const funder = funderOn(chain);
  return funder.sendTransaction({
    to: funder.address,
    value: 1n,
    gasLimit: 30_000,
    maxFeePerGas,
    maxPriorityFeePerGas: 1n,
  });
};

let replace: (() => Promise<unknown>) | undefined;

afterEach(async () => {
  await replace?.();
  replace = undefined;
});

test("an older transaction of the funder's, too cheap to be mined, is told before any money moves, with how to replace it", async () => {
  const nonce = await bed.providers[1].getTransactionCount(funderOn(1).address);
  const { hash } = await sendAsSomebodyElse(1, 2n);
  replace = async () =>
    (
      await funderOn(1).sendTransaction({
        to: funderOn(1).address,
        nonce,
        maxFeePerGas: parseEther("0.0000001"),
      })
    ).wait();
  const refused = runOn(bed, { children: 2, duration: 1000 });
  await expect(refused).rejects.toMatchObject({
    code: "FUNDER_PENDING",
    message: expect.stringContaining(`nonce ${nonce}, ${hash} that pays`) as unknown,
    hint: expect.stringContaining(`with nonce ${nonce}`) as unknown,
  });
});

test("a funder that somebody else uses while a run is under way is told as that, and everything is given back", async () => {
  const owned = async (chain: Chain) => bed.providers[chain].getBalance(funderOn(chain).address);
  const before = await perChainAsync(owned);
  const logs = logPaths(mkdtempSync(join(tmpdir(), "rollup-logs-")));
  const since = await bed.providers[2].getTransactionCount(funderOn(2).address);
  const ended = expect(runOn(bed, { children: 4, duration: 120_000, logs })).rejects.toMatchObject({
    code: "FUNDER_SHARED",
    message: expect.stringContaining("somebody else sends transactions of the funder") as unknown,
  });
  // Once the funder's own transactions of this run are mined.
  await expect
    .poll(() => bed.providers[2].getTransactionCount(funderOn(2).address), { timeout: 30_000 })
    .toBeGreaterThan(since);
  // The run may be quicker to take a nonce: then the next one is tried.
  const send = (chain: Chain) => sendAsSomebodyElse(chain, 10n ** 11n).catch(() => undefined);
  for (const chain of CHAINS) await expect.poll(() => send(chain), { timeout: 30_000 }).toBeDefined();
  await ended;
  checkJournal(parseOpLog(readFileSync(logs.opLog, "utf8")));
  const after = await perChainAsync(owned);
  // Fees of four children and of both strangers, and no child's money.
  expect(before[1] + before[2] - after[1] - after[2]).toBeLessThan(parseEther("0.05"));
});
