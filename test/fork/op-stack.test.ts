import { JsonRpcProvider, toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openStack, type OpenStack } from "../../fixtures/stack/stack.ts";
import { CHAINS, type PerChain, perChain } from "../../stress/engine/base/chain.ts";
import { PREDEPLOYS } from "../../stress/protocols/op-stack/predeploys.ts";
import { account } from "../local-stack/op-stack/depositor.ts";
import { doneCodes, opStackTarget, runOn, type TestBed, type TestRun } from "../run/running.ts";
import {
  allIsWell,
  forkedPair,
  inEveryWay,
  leaveFastDepositOpen,
  openLivePair,
  QUICK_WAYS,
} from "./op-stack-pair.ts";

const proof = z.object({ accountProof: z.array(z.string()) });

let live: TestBed;
let pins: PerChain<number>;
let fork: OpenStack;
let forkProviders: PerChain<JsonRpcProvider>;

/** What nobody but the live pair's own users may change about it. */
async function liveState(): Promise<Record<string, bigint | number>> {
  const state: Record<string, bigint | number> = {};
  for (const chain of CHAINS) {
    for (const index of [0, 1, 5, 6]) {
      const { address } = account(index);
      state[`${address} on L${chain}`] = await live.providers[chain].getBalance(address);
      state[`nonce of ${address} on L${chain}`] = await live.providers[chain].getTransactionCount(address);
    }
  }
  return state;
}

beforeAll(async () => {
  live = await openLivePair();
  const history = { children: 3, operations: 12, duration: 600_000, shares: QUICK_WAYS, seed: 3 };
  await runOn(live, { target: opStackTarget(), ...history });
  pins = await leaveFastDepositOpen(live);
  fork = await openStack(forkedPair(live, `${pins[1]},${pins[2]}`));
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

describe("a fork of a live pair of the OP Stack", () => {
  test("goes on from the pinned blocks, on the target's chain ids", async () => {
    for (const chain of CHAINS) {
      expect(fork.chains[chain].chainId).toBe(live.stack.chains[chain].chainId);
      const at = (providers: PerChain<JsonRpcProvider>, block: number) => providers[chain].getBlock(block);
      expect((await at(forkProviders, pins[chain]))?.hash).toBe(
        (await at(live.providers, pins[chain]))?.hash,
      );
      expect((await at(forkProviders, pins[chain] + 1))?.hash).not.toBe(
        (await at(live.providers, pins[chain] + 1))?.hash,
      );
    }
  });

  test("proves its own blocks, and says that the target's are not its to prove", async () => {
    const ask = async (block: number): Promise<unknown> =>
      forkProviders[2].send("eth_getProof", [PREDEPLOYS.messagePasser, [], toQuantity(block)]);
    expect(proof.parse(await ask(pins[2] + 1)).accountProof).toEqual([]);
    await expect(ask(pins[2])).rejects.toThrow("Obtaining a proof is not supported in fork mode");
  });

  describe("under children's load", () => {
    let run: TestRun;
    let before: Record<string, bigint | number>;

    beforeAll(async () => {
      before = await liveState();
      const target = forkedPair(live, `${pins[1]},${pins[2]}`);
      run = await runOn({ ...live, stack: fork }, { target, ...inEveryWay });
    });

    test("pays every crossing once, withdrawals that take ten days on the target included", () => {
      allIsWell(run);
      expect(doneCodes(run.records).filter((code) => code === "SX")).toHaveLength(inEveryWay.children);
    });

    test("leaves the target undisturbed", async () => {
      expect(await liveState()).toEqual(before);
      const children = run.records.flatMap((record) => (record.record === "init" ? [record.address] : []));
      expect(children).toHaveLength(inEveryWay.children);
      for (const address of children) {
        expect(await live.providers[2].getBalance(address)).toBe(0n);
        expect(await forkProviders[2].getTransactionCount(address)).toBeGreaterThan(0);
      }
    });

    test("says in its report and its result what stands in for what", () => {
      const { standIns = [] } = run.result.fork ?? {};
      const names = standIns.map((line) => line.split(":")[0]);
      expect(names).toEqual([
        "blocks",
        "sequencer",
        "state roots and proofs",
        "proposer",
        "resolver",
        "delays of a withdrawal",
        "disbursers",
        "tokens",
        "funder",
      ]);
      for (const line of standIns) expect(run.printed.join("\n")).toContain(line);
    });
  });
});
