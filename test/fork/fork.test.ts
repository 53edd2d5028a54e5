import { JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveAddresses } from "../../fixtures/target/addresses.ts";
import { openStack, type OpenStack } from "../../fixtures/stack/stack.ts";
import { CHAINS, type PerChain, perChain, perChainAsync } from "../../stress/engine/base/chain.ts";
import { ovmAddresses } from "../../stress/protocols/ovm2/addresses.ts";
import { ABI, type Addresses, POOL_ETH } from "../../stress/protocols/ovm2/contracts.ts";
import { ovm2 } from "../../stress/protocols/ovm2/index.ts";
import { PREDEPLOYS } from "../../stress/protocols/ovm2/predeploys.ts";
import { faultyRun } from "../faults/faulty-run.ts";
import { enoughDone } from "../faults/signs.ts";
import { account, Bridge } from "../local-stack/ovm2/bridge.ts";
import { doneCodes, openTestBed, runOn, type TestBed, type TestRun } from "../run/running.ts";
import { forkedTarget } from "./forking.ts";

const ALL = { 1: { AL: 15, RL: 50, FO: 25, SO: 25 }, 2: { AL: 15, RL: 50, FX: 25, SX: 15 } };

/** Test accounts that deposit into L1's pool, in wei. */
const BEFORE = { account: 7, wei: 3n * 10n ** 18n };
const AFTER = { account: 8, wei: 5n * 10n ** 18n };

let live: TestBed;
let addresses: Addresses;
let pins: PerChain<number>;
let fork: OpenStack;
let forkProviders: PerChain<JsonRpcProvider>;

/** What nobody but the live target's own users may change about it, by account and chain. */
async function liveState(): Promise<Record<string, bigint | number>> {
  const { l1Pool, l2Pool, l1Bridge } = addresses;
  const users = [0, 5, BEFORE.account, AFTER.account].map((index) => account(index).address);
  const state: Record<string, bigint | number> = {};
  for (const chain of CHAINS) {
    for (const address of [l1Pool, l2Pool, l1Bridge, PREDEPLOYS.eth, ...users]) {
      const key = `${address} on L${chain}`;
      state[key] = await live.providers[chain].getBalance(address);
      state[`nonce of ${key}`] = await live.providers[chain].getTransactionCount(address);
    }
  }
  return state;
}

async function stakeOn(provider: JsonRpcProvider, index: number): Promise<bigint> {
  const data = ABI.L1LiquidityPool.encodeFunctionData("userInfo", [POOL_ETH[1], account(index).address]);
  const answer = await provider.call({ to: addresses.l1Pool, data });
  return BigInt(ABI.L1LiquidityPool.decodeFunctionResult("userInfo", answer)[0]);
}

async function stake(bridge: Bridge, by: typeof BEFORE): Promise<void> {
  const data = ABI.L1LiquidityPool.encodeFunctionData("addLiquidity", [by.wei, POOL_ETH[1]]);
  const { status } = await bridge.receiptOf(
    1,
    await bridge.send(1, by.account, addresses.l1Pool, by.wei, data),
  );
  expect(status).toBe(1);
}

beforeAll(async () => {
  // With an exit fee: the fork's funder must get tokens that the target's bridge mints.
  live = await openTestBed({ exitFee: 10 });
  addresses = ovmAddresses(await resolveAddresses(live.stack.addresses, ovm2));
  // History: children's traffic of all kinds, and a deposit.
  await runOn(live, { children: 4, operations: 20, duration: 600_000, shares: ALL, seed: 3 });
  const bridge = await Bridge.open(live);
  await stake(bridge, BEFORE);
  pins = await perChainAsync((chain) => live.providers[chain].getBlockNumber());
  await stake(bridge, AFTER);
  fork = await openStack(forkedTarget(live, `${pins[1]},${pins[2]}`));
  forkProviders = perChain(
    (chain) =>
      new JsonRpcProvider(fork.chains[chain].endpoints[0], undefined, {
        cacheTimeout: -1,
        staticNetwork: true,
      }),
  );
});

afterAll(async () => {
  for (const chain of CHAINS) forkProviders[chain].destroy();
  await fork.close();
  await live.close();
});

describe("a fork of a live target", () => {
  test("goes on from the pinned blocks, on the target's chain ids", async () => {
    expect(fork.fork).toMatchObject({ of: "live", l1Block: pins[1], l2Block: pins[2] });
    expect(fork.origin).toBe(
      `fork of live at L1 block ${pins[1]}, L2 block ${pins[2]}; to repeat it: --fork=${pins[1]},${pins[2]}`,
    );
    for (const chain of CHAINS) {
      expect((await forkProviders[chain].getNetwork()).chainId).toBe(chain === 1 ? 31_337n : 31_338n);
      const [ours, theirs] = await Promise.all(
        [forkProviders, live.providers].map(async (providers) => [
          (await providers[chain].getBlock(pins[chain]))?.hash,
          (await providers[chain].getBlock(pins[chain] + 1))?.hash,
        ]),
      );
      expect(ours?.[0]).toBe(theirs?.[0]);
      expect(ours?.[1]).not.toBe(theirs?.[1]);
    }
  });

  test("has the contracts' state from before the pin, and not from after it", async () => {
    expect(await stakeOn(live.providers[1], BEFORE.account)).toBe(BEFORE.wei);
    expect(await stakeOn(live.providers[1], AFTER.account)).toBe(AFTER.wei);
    expect(await stakeOn(forkProviders[1], BEFORE.account)).toBe(BEFORE.wei);
    expect(await stakeOn(forkProviders[1], AFTER.account)).toBe(0n);
    expect(await forkProviders[1].getTransactionCount(account(AFTER.account).address)).toBe(0);
  });

  describe("under children's load", () => {
    let run: TestRun;
    let before: Record<string, bigint | number>;
    let blocksBefore: PerChain<number>;

    beforeAll(async () => {
      before = await liveState();
      blocksBefore = await perChainAsync((chain) => live.providers[chain].getBlockNumber());
      const target = forkedTarget(live, `${pins[1]},${pins[2]}`);
      // So many that chance leaves none of the codes out, and not a time: a busy machine does little in a few seconds.
      const load = { children: 8, operations: 80, duration: 120_000, shares: ALL };
      run = await runOn({ ...live, stack: fork }, { target, ...load });
    });

    test("pays every crossing once and loses no wei", () => {
      expect(run.result.failed).toEqual([]);
      expect(run.result.clean).toBe(true);
      expect(run.result).toConserveFunds();
      expect(run.result).toPayExactlyOnce();
      const codes = ["AL", "DN", "FO", "FX", "IF", "PY", "RF", "RL", "SO", "SX"];
      expect([...new Set(doneCodes(run.records))].sort()).toEqual(codes);
    });

    test("tells no time of state batches: the fork's roots are of messages, and not of blocks", () => {
      for (const code of ["FX", "SX"]) {
        const phases = run.result.figures.find((one) => one.code === code)?.phases ?? [];
        expect(phases.map(({ phase }) => phase)).toEqual(["submitted", "receipt", "finished"]);
      }
    });

    test("leaves the target undisturbed, which goes on", async () => {
      expect(await liveState()).toEqual(before);
      for (const chain of CHAINS) {
        expect(await live.providers[chain].getBlockNumber()).toBeGreaterThan(blocksBefore[chain] + 10);
      }
      const children = run.records.flatMap((record) => (record.record === "init" ? [record.address] : []));
      expect(children).toHaveLength(8);
      for (const address of children) {
        expect(await live.providers[2].getBalance(address)).toBe(0n);
        expect(await forkProviders[2].getTransactionCount(address)).toBeGreaterThan(0);
      }
    });

    test("keeps accounts and journal apart from the target's own", () => {
      expect(run.opLog).toContain("target=live-fork");
      expect(run.logs.accounts("live-fork")).toMatch(/accounts-live-fork\.log$/);
    });

    test("says in its report and its result what it does not prove", () => {
      const printed = run.printed.join("\n");
      expect(printed).toContain(
        `ran on a fork of live at L1 block ${pins[1]}, L2 block ${pins[2]}; what it does not prove:`,
      );
      const { standIns = [] } = run.result.fork ?? {};
      for (const replaced of ["blocks", "sequencer", "batch submitter", "state roots", "relayers"]) {
        expect(standIns.some((line) => line.startsWith(`${replaced}: `))).toBe(true);
      }
      for (const line of standIns) expect(printed).toContain(line);
    });
  });

  test("injects faults as the local stack does", async () => {
    const target = forkedTarget(live, `${pins[1]},${pins[2]}`);
    const { result } = await faultyRun(
      { ...live, stack: fork },
      {
        target,
        children: 4,
        startChain: 2,
        seed: 9,
        shares: { 1: { FO: 100 }, 2: { FX: 60 } },
        sign: enoughDone(8),
        faults: [{ fault: "duplicate relay", path: "fast exits", most: 1 }],
      },
    );
    expect(result.injected.map(({ fault }) => fault)).toEqual(["duplicate relay"]);
    expect(result.audit.counts.doubled).toBe(1);
  });
});
