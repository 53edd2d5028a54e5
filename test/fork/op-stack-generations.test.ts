import { expect, test } from "vitest";
import { artifact } from "../../fixtures/local-stack/op-stack/artifacts.ts";
import { PREDEPLOYS as LOCAL } from "../../fixtures/local-stack/op-stack/predeploys.ts";
import { startFaults } from "../../fixtures/stack/faults.ts";
import { openStack, type OpenStack } from "../../fixtures/stack/stack.ts";
import type { Target } from "../../targets/target.ts";
import type { Injected } from "../../fixtures/local-stack/faults/injected.ts";
import { faultyRun } from "../faults/faulty-run.ts";
import { succeeded } from "../faults/signs.ts";
import { openChangedEndpoint } from "./endpoint.ts";
import type { WireCall } from "../fakes/json-rpc-server.ts";
import { until } from "../local-stack/faults/until.ts";
import { runOn, type TestBed, type TestPlan, type TestRun } from "../run/running.ts";
import { deployed } from "./forking.ts";
import { allIsWell, forkedPair, inEveryWay, openLivePair } from "./op-stack-pair.ts";

/** Opens a pair as live ones are, and has a fork of it do something. */
async function onFork(
  settings: Record<string, number | string>,
  changes: (live: TestBed) => Promise<Record<string, unknown>>,
  work: (stack: OpenStack, cross: (plan?: TestPlan) => Promise<TestRun>, target: Target) => Promise<void>,
): Promise<void> {
  const live = await openLivePair(settings);
  try {
    await deployed(live);
    const target = forkedPair(live, "newest", await changes(live));
    const stack = await openStack(target);
    try {
      await work(stack, (plan = inEveryWay) => runOn({ stack }, { target, ...plan }), target);
    } finally {
      await stack.close();
    }
  } finally {
    await live.close();
  }
}

const unchanged = async (): Promise<Record<string, unknown>> => ({});

test.each(["oracle", "super"] as const)("a fork of generation %s is crossed in every way", (generation) =>
  onFork({ generation }, unchanged, async (_, cross) => allIsWell(await cross())),
);

/** An L2 of before Isthmus: its contracts of L1's attributes and of prices know no operator fee. */
function asBeforeIsthmus({ method, params }: WireCall, result: unknown): unknown {
  if (method !== "eth_getCode") return result;
  const at = String(params[0]).toLowerCase();
  if (at === LOCAL.l1Block) return artifact("L1Block").deployedBytecode;
  return result;
}

/** Headers of Jovian, which tell a least base fee, too; Hardhat cannot go on from them. */
function asJovian({ method }: WireCall, result: unknown): unknown {
  if (method !== "eth_getBlockByNumber" || typeof result !== "object" || result === null) return result;
  return { ...result, extraData: `0x01${"00".repeat(16)}` };
}

test.each([
  ["before Isthmus", asBeforeIsthmus, false],
  ["since Jovian", asJovian, true],
] as const)("a fork of an L2 as it was %s is crossed in every way", (_, changed, hasOperatorFee) =>
  onFork(
    {},
    async (live) => {
      if (hasOperatorFee) await chargeOperatorFee(live);
      const l2 = await openChangedEndpoint(live.spawned.description.l2, changed);
      return { l2: { endpoint: l2.url, chainId: 31_338 } };
    },
    async ({ fork }, cross) => {
      allIsWell(await cross());
      expect(fork?.standIns.some((line) => line.startsWith("operator fee: none"))).toBe(hasOperatorFee);
    },
  ),
);

test("a fork of an L2 with an operator fee charges it", () =>
  onFork(
    {},
    async (live) => {
      await chargeOperatorFee(live);
      return {};
    },
    async (_, cross) => {
      const run = await cross();
      allIsWell(run);
      expect(run.printed.join("\n")).toMatch(/^ +operator fee +0\.0 +-0\.\d+$/m);
    },
  ));

/** Has the live pair's L2 charge an operator fee from now on. */
async function chargeOperatorFee({ stack, providers }: TestBed): Promise<void> {
  await startFaults(stack, {
    seed: 1,
    faults: [{ fault: "operator fee", after: "0s", scalar: 1000, constant: 5_000_000 }],
  });
  // A fork pins a block of L2 that is no younger than the last but one of L1, whose time is told in whole seconds: it may be some back.
  const slot = async (): Promise<bigint> =>
    BigInt(await providers[2].getStorage(LOCAL.l1Block, 8, (await providers[2].getBlockNumber()) - 8));
  await until("an operator fee", async () => ((await slot()) > 0n ? true : undefined));
}

test("a fork whose L2 is older than the oracle's last output is refused in a sentence", async () => {
  const live = await openLivePair({ generation: "oracle" });
  try {
    await deployed(live);
    const pins = `${await live.providers[1].getBlockNumber()},25`;
    const refused = openStack(forkedPair(live, pins));
    await expect(refused).rejects.toMatchObject({
      code: "FORK_FAILED",
      message: expect.stringMatching(
        /did not start: .*\n {2}\| local stack: the target's oracle 0x\w{40} has an output of L2 block \d+, [^\n]*: pin a later block of L2$/,
      ),
    });
  } finally {
    await live.close();
  }
});

/** Has the live pair make no more blocks: forks of it are quicker where nothing else is busy, and want no more of it than it has. */
const standStill = ({ stack }: TestBed): Promise<unknown> =>
  startFaults(stack, {
    seed: 1,
    faults: ([1, 2] as const).map((chain) => ({
      fault: "stop service",
      service: `l${chain} blocks`,
      after: "0s",
    })),
  });

/** Withdrawals that go through while the fork does wrong. */
const WITHDRAWN = 8;

/** Milliseconds for which the load goes on though something has not happened, and an endpoint may be silent. */
const LONGEST_MS = 20 * 60_000;

const KINDS = ["false proposals", "reorganisation of L1", "reorganisation of L2"];

const kindsOf = (injected: readonly Injected[]): ReadonlySet<string> =>
  new Set(injected.map(({ fault, chain }) => (fault === "reorganisation" ? `${fault} of L${chain}` : fault)));

test(
  "a fork takes faults as a local stack does: reorganisations of both chains, and false proposals",
  () =>
    onFork(
      {},
      async (live) => {
        await standStill(live);
        return {
          fork: { margin: 1, l1BlockTime: 500, l2BlockTime: 250, withdrawalDelay: 4 },
          limits: { maxFundEth: 100, endpointDeadAfter: `${LONGEST_MS}ms` },
        };
      },
      async (stack, _, target) => {
        const run = await faultyRun(
          { stack },
          {
            target,
            children: 8,
            shares: { 1: { SO: 60 }, 2: { SX: 70 } },
            faults: [
              // So many and no more: each keeps its guardian, and all who look for a proposal, busy for some blocks of L1.
              { fault: "false proposals", share: 40, most: 8 },
              { fault: "reorganisation", chain: 2, depth: 5, after: "3s" },
              { fault: "reorganisation", chain: 1, depth: 2, after: "6s" },
            ],
            sign: succeeded("SX", WITHDRAWN),
            isAll: (injected) => KINDS.every((kind) => kindsOf(injected).has(kind)),
            longest: LONGEST_MS,
          },
        );
        allIsWell(run);
        expect([...kindsOf(run.result.injected)].sort()).toEqual(KINDS);
        const withdrawals = run.result.figures.find(({ code }) => code === "SX");
        expect(withdrawals?.count).toBeGreaterThanOrEqual(WITHDRAWN);
      },
    ),
  2 * LONGEST_MS,
);
