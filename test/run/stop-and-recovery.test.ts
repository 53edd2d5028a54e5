import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contract, NonceManager, parseEther, type Signer, Wallet } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { readAccounts } from "../../fixtures/accounts/accounts-log.ts";
import { logPaths } from "../../fixtures/run/logs.ts";
import { openCrossings } from "../../fixtures/recovery/in-flight.ts";
import { originsOf } from "../../fixtures/recovery/origins.ts";
import { verdictOf } from "../../fixtures/recovery/verdict.ts";
import { recover } from "../../fixtures/recovery/recover.ts";
import { type Chain, perChainAsync } from "../../stress/engine/base/chain.ts";
import { ovm2 } from "../../stress/protocols/ovm2/index.ts";
import { POOL_ABI, POOL_ETH } from "../../stress/protocols/ovm2/contracts.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import { type Network, NoAnswer, type TxHash } from "../../stress/engine/rpc/index.ts";
import { network } from "../../stress/platform/network.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { underFaults } from "../local-stack/faults/under-faults.ts";
import { openTestBed, runOn, type TestBed, type TestRun, testTarget } from "./running.ts";

const SHARES = { 1: { AL: 20, FO: 30, SO: 30 }, 2: { AL: 20, FX: 30, SX: 30 } };

const SIGNAL = { kind: "signal", signal: "SIGINT" } as const;

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

/** Runs until this happens for the first time: then comes a stop of these levels. */
async function stoppedAt(
  kind: "operation started" | "operation mined",
  code: string,
  levels: readonly (1 | 2)[] = [1],
): Promise<TestRun> {
  const control = new Stop();
  const stop = (): void => {
    for (const level of levels) control.raise(level, SIGNAL);
  };
  // Like a signal it comes when everybody was told, not in the middle of that.
  const follower = (event: { readonly code: string }) => void (event.code === code && setImmediate(stop));
  const follow = [{ [kind]: follower }];
  return runOn(bed, { children: 8, duration: Number.POSITIVE_INFINITY, shares: SHARES, control, follow });
}

test("level 1 lets every child finish its operation, refunds, and is a clean exit", async () => {
  const { result, records } = await stoppedAt("operation mined", "SX");
  checkJournal(records);
  expect(result.reason).toEqual(SIGNAL);
  expect(result.failed).toEqual([]);
  expect(result.abandoned).toEqual([]);
  expect(result.clean).toBe(true);
});

test("level 1 during the initial funding funds no more children, and refunds", async () => {
  const { result, records } = await stoppedAt("operation started", "IF");
  checkJournal(records);
  expect(result.clean).toBe(true);
});

test("level 2 lists the open operations and goes to refunds; recovery fetches what was on its way, and can be repeated", async () => {
  // Nobody relays the exit before the run has ended.
  let stopped: TestRun | undefined;
  await underFaults(bed, [{ fault: "stop service", service: "message relayer" }], async () => {
    stopped = await stoppedAt("operation mined", "SX", [1, 2]);
  });
  if (stopped === undefined) throw new Error("there was no run");
  const { result, records, printed, logs, opLog } = stopped;
  checkJournal(records);
  expect(result.abandoned.length).toBeGreaterThan(0);
  // What is on its way is accounted for.
  expect(result).toConserveFunds();
  expect(result.audit.counts["in flight"]).toBeGreaterThan(0);
  expect(result.clean).toBe(false);
  expect(opLog.trimEnd().split("\n").at(-1)).toMatch(/^# Dirty shutdown at /);
  const listed = printed.filter((line) =>
    /^\d\d:\d\d:\d\d {3}child \d{3} [A-Z]{2} from chain [12], .* waits for its/.test(line),
  );
  expect(listed.length).toBe(result.abandoned.length);

  const target = testTarget();
  const accounts = await readAccounts(logs.accounts("local"));
  const journal = new OpLog(logs.opLog);
  const again = async () =>
    recover(target, bed.stack, {
      accounts,
      crossings: await openCrossings(logs.opLog, originsOf(ovm2)),
      opLog: journal,
      waitMs: 120_000,
      say: () => undefined,
    });
  const first = await again();
  expect(first.inFlight).toEqual([]);
  expect(first.accounts.flatMap(({ problems }) => problems)).toEqual([]);
  expect(first.books?.unaccounted).toEqual({ 1: 0n, 2: 0n });
  const back = first.accounts.reduce((sum, { returned }) => sum + returned[1] + returned[2], 0n);
  // All that was given up on its way arrives, less the pools' fees and the sweeps' gas.
  expect(back).toBeGreaterThan((result.unreturned * 9n) / 10n);
  const left = first.accounts.reduce((sum, one) => sum + one.left, 0n);
  expect(left).toBeLessThanOrEqual(result.dust);

  const second = await again();
  expect(second.books).toBeUndefined();
  expect(second.accounts.every(({ returned }) => returned[1] + returned[2] === 0n)).toBe(true);
  journal.close();
});

test("recovery works from a predecessor's accounts file alone: both chains, stakes, and the funder's own stake", async () => {
  const target = testTarget();
  const logs = logPaths(mkdtempSync(join(tmpdir(), "rollup-logs-")));
  const wallets = [Wallet.createRandom(), Wallet.createRandom()];
  const page = await fetch(`${bed.spawned.description.addresses}/boba-addr.json`);
  const pools = (await page.json()) as { Proxy__L1LiquidityPool: string; Proxy__L2LiquidityPool: string };
  const owned = async (chain: Chain) => bed.providers[chain].getBalance(target.funder.address);
  const before = await perChainAsync(owned);
  for (const chain of [1, 2] as const) {
    const provider = bed.providers[chain];
    const funder = new NonceManager(new Wallet(target.funder.key, provider));
    const address = chain === 1 ? pools.Proxy__L1LiquidityPool : pools.Proxy__L2LiquidityPool;
    const stake = async (signer: Signer, amount: bigint) =>
      new Contract(address, POOL_ABI[chain], signer)
        .getFunction("addLiquidity")
        .send(amount, POOL_ETH[chain], { value: amount });
    await Promise.all(
      wallets.map(({ address: to }) => funder.sendTransaction({ to, value: parseEther("1") })),
    );
    await (await stake(funder, parseEther("2"))).wait();
    for (const wallet of wallets) await (await stake(wallet.connect(provider), parseEther("0.3"))).wait();
  }
  // The predecessor wrote keys without 0x in some versions.
  const lines = wallets.map(({ address, privateKey }) =>
    JSON.stringify({ addr: address, key: privateKey.slice(2) }),
  );
  writeFileSync(logs.accounts("local"), `${lines.join("\n")}\n`);

  const journal = new OpLog(logs.opLog);
  const accounts = await readAccounts(logs.accounts("local"));
  const recovery = await recover(target, bed.stack, {
    accounts,
    crossings: [],
    opLog: journal,
    waitMs: 0,
    say: () => undefined,
  });
  journal.close();
  expect(recovery.funderLeft).toBe(0n);
  expect(recovery.accounts.flatMap(({ problems }) => problems)).toEqual([]);
  const after = await perChainAsync(owned);
  // What is missing is gas: a dozen transactions at a gwei or two.
  for (const chain of [1, 2] as const) expect(before[chain] - after[chain]).toBeLessThan(parseEther("0.01"));
});

test("recovery gives accounts back where no node tells of a crossing, and says that it is to be run again", async () => {
  const target = testTarget();
  const logs = logPaths(mkdtempSync(join(tmpdir(), "rollup-logs-")));
  const wallet = Wallet.createRandom();
  const funder = new NonceManager(new Wallet(target.funder.key, bed.providers[2]));
  await (await funder.sendTransaction({ to: wallet.address, value: parseEther("1") })).wait();
  writeFileSync(
    logs.accounts("local"),
    `${JSON.stringify({ addr: wallet.address, key: wallet.privateKey })}\n`,
  );
  const hash = `0x${"5c".repeat(32)}` as TxHash;
  const journal = new OpLog(logs.opLog);
  const recovery = await recover(target, bed.stack, {
    accounts: await readAccounts(logs.accounts("local")),
    crossings: [{ child: 0, code: "FX", from: 2, hash }],
    opLog: journal,
    waitMs: 0,
    say: () => undefined,
    network: silentAbout(hash),
  });
  journal.close();
  expect(recovery.accounts).toMatchObject([{ problems: [] }]);
  expect(recovery.accounts[0]?.returned[2]).toBeGreaterThan(parseEther("0.99"));
  expect(verdictOf(recovery)).toMatchObject({
    exitCode: 1,
    sentence: expect.stringMatching(/crossings in flight could not be looked for .* Run this again later/),
  });
});

/** The machine's network, on which whoever asks for a transaction gets no answer, and its clock, which waits a fiftieth of all pauses. */
const silentAbout = (hash: TxHash): Network => ({
  clock: {
    now: () => network.clock.now(),
    alarm: (ms) => network.clock.alarm(ms),
    sleep: (ms, signal) => network.clock.sleep(ms / 50, signal),
  },
  carrier: (endpoint, timeout) => {
    const carrier = network.carrier(endpoint, timeout);
    return {
      exchange: (calls) =>
        calls.some(({ text }) => text.includes(hash))
          ? Promise.reject(new NoAnswer("connection refused"))
          : carrier.exchange(calls),
      close: () => carrier.close(),
    };
  },
});
