import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAccounts } from "../../../fixtures/accounts/accounts-log.ts";
import { openCrossings } from "../../../fixtures/recovery/in-flight.ts";
import { originsOf } from "../../../fixtures/recovery/origins.ts";
import { recover } from "../../../fixtures/recovery/recover.ts";
import { logPaths } from "../../../fixtures/run/logs.ts";
import { Stop } from "../../../stress/engine/base/stop.ts";
import { OpLog } from "../../../stress/journal/op-log.ts";
import { TOKENS, tokenBalance } from "../../../stress/protocols/erc20.ts";
import { opStack } from "../../../stress/protocols/op-stack/index.ts";
import { perChainAsync } from "../../../stress/engine/base/chain.ts";
import { withNodes } from "../../../fixtures/target/nodes.ts";
import { network } from "../../../stress/platform/network.ts";
import { openOpStack, opStackTarget, runOn, type TestBed } from "../../run/running.ts";

const SIGNAL = { kind: "signal", signal: "SIGINT" } as const;

let bed: TestBed;

beforeAll(async () => {
  bed = await openOpStack({ proofMaturityDelay: 5 });
});

afterAll(() => bed.close());

/** What the funder has of the token on both chains together. */
async function tokensOfFunder(): Promise<bigint> {
  const page = await fetch(`${bed.spawned.description.addresses}/addresses.json`);
  const { L1ERC20, L2ERC20 } = (await page.json()) as Record<"L1ERC20" | "L2ERC20", string>;
  const token = { 1: L1ERC20, 2: L2ERC20 };
  const { address } = opStackTarget().funder;
  const held = await withNodes(bed.stack, opStack, network, (nodes) =>
    perChainAsync((chain) => tokenBalance(nodes[chain], token[chain], address)),
  );
  return held[1] + held[2];
}

test("tokens of a run that waited for nothing more come back by a recovery, those on their way included", async () => {
  const target = opStackTarget();
  const control = new Stop();
  const logs = logPaths(mkdtempSync(join(tmpdir(), "rollup-logs-")));
  const before = await tokensOfFunder();
  const running = runOn(bed, {
    target,
    children: 6,
    shares: { 1: { FO: 20, TO: 60 }, 2: { FX: 20, TX: 60 } },
    duration: 60_000,
    control,
    logs,
  });
  const isUnderWay = (): boolean => {
    const opLog = existsSync(logs.opLog) ? readFileSync(logs.opLog, "utf8") : "";
    return /^# prove=TX /m.test(opLog) && /^OP_WATCH,\d{3},TO,/m.test(opLog);
  };
  while (!isUnderWay()) await sleep(20);
  control.raise(1, SIGNAL);
  control.raise(2, SIGNAL);
  const { result } = await running;
  // What is on its way is accounted for, in ETH and in tokens.
  expect(result).toConserveFunds();
  expect(result.audit.exceptions).toContainEqual(
    expect.objectContaining({ code: "TX", class: "in flight", asset: TOKENS }),
  );
  expect(result.clean).toBe(false);
  const opLog = new OpLog(logs.opLog);
  const recovered = async () =>
    recover(target, bed.stack, {
      accounts: await readAccounts(logs.accounts(target.name)),
      crossings: await openCrossings(logs.opLog, originsOf(opStack)),
      opLog,
      waitMs: 60_000,
      say: () => undefined,
    });
  const recovery = await recovered();
  expect(recovery.inFlight).toEqual([]);
  expect([...recovery.problems, ...recovery.accounts.flatMap(({ problems }) => problems)]).toEqual([]);
  expect([recovery.books?.unaccounted, recovery.books?.unaccountedTokens]).toEqual([
    { 1: 0n, 2: 0n },
    { [TOKENS]: { 1: 0n, 2: 0n } },
  ]);
  expect(await tokensOfFunder()).toBe(before);
  const again = await recovered();
  expect(again.accounts.every(({ returned }) => returned[1] + returned[2] === 0n)).toBe(true);
  opLog.close();
});
