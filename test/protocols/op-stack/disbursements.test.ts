import { AbiCoder, keccak256, toBeHex, toQuantity, ZeroAddress } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FAST_BRIDGE_ABI as FAST_BRIDGE } from "../../../fixtures/local-stack/op-stack/fast-bridge.ts";
import { CHAINS, type Chain, type PerChain } from "../../../stress/engine/base/chain.ts";
import type { DrivenChild, DriveTools } from "../../../stress/engine/run/index.ts";
import { until } from "../../local-stack/faults/until.ts";
import { openOpStack, opStackTarget, runOn, type TestBed } from "../../run/running.ts";

/** Code that takes no ETH: it reverts. */
const REFUSES = "0x60006000fd";

/** Receives what it has no right to. */
const STRANGER = "0x00000000000000000000000000000000BAd00Bad";

const AMOUNT = 10n ** 16n + 7n;

let bed: TestBed;
/** The fast bridge on each chain. */
let contracts: PerChain<string>;
/** On L2. */
let contract: string;

beforeAll(async () => {
  bed = await openOpStack();
  const page = await fetch(`${bed.spawned.description.addresses}/addresses.json`);
  const listed = (await page.json()) as Record<"Proxy__L1Teleportation" | "Proxy__L2Teleportation", string>;
  contracts = { 1: listed.Proxy__L1Teleportation, 2: listed.Proxy__L2Teleportation };
  contract = contracts[2];
});

afterAll(() => bed.close());

const onL2 = (method: string, ...params: unknown[]): Promise<unknown> =>
  bed.providers[2].send(method, params);

const read = async (chain: Chain, method: string, ...args: unknown[]): Promise<string> => {
  const data = FAST_BRIDGE.encodeFunctionData(method, args);
  const answer = await bed.providers[chain].call({ to: contracts[chain], data });
  return String(FAST_BRIDGE.decodeFunctionResult(method, answer)[0]);
};

/** The deposit id of an event of the fast bridge on L2 for an account, once there is one. */
const told = (event: string, account: string): Promise<bigint> =>
  until(event, async () => {
    const topics = FAST_BRIDGE.encodeFilterTopics(event, [null, account]) as string[];
    const [log] = await bed.providers[2].getLogs({ address: contract, topics, fromBlock: 0 });
    return log === undefined ? undefined : BigInt(FAST_BRIDGE.parseLog(log)?.args["depositId"]);
  });

/** What is to be paid out next on L2, and what was deposited for it on L1 by now. */
const nextId = async (): Promise<bigint> =>
  BigInt(await read(2, "totalDisbursements", bed.spawned.description.chainIds[0]));
const deposited = (more: bigint): Promise<bigint> =>
  until("deposit", async () => {
    const count = BigInt(await read(1, "totalDeposits", bed.spawned.description.chainIds[1]));
    return count > more ? count : undefined;
  });

const held = async (slot: string): Promise<bigint> =>
  BigInt(String(await onL2("eth_getStorageAt", contract, slot, "latest")));

/** The place of the contract's storage that holds this, among some. */
async function slotOf(value: bigint, places: (base: number) => string): Promise<string> {
  for (let base = 0; base < 400; base++)
    if (BigInt.asUintN(160, await held(places(base))) === value) return places(base);
  throw new Error("nowhere in the contract's storage");
}

/** Where what is paid out next is kept: in a mapping, by the chain that the deposits are from. */
const slotOfNext = async (): Promise<string> =>
  slotOf(await nextId(), (base) => {
    const key = [bed.spawned.description.chainIds[0], base];
    return keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], key));
  });

/** Puts one of the test accounts in the disburser's place while something is done. */
async function asDisburser<T>(act: (account: string) => Promise<T>): Promise<T> {
  const account = ((await onL2("eth_accounts")) as string[]).at(-1) ?? "";
  const slot = await slotOf(BigInt(await read(2, "disburser")), (base) => toBeHex(base, 32));
  const before = await onL2("eth_getStorageAt", contract, slot, "latest");
  await onL2("hardhat_setStorageAt", contract, slot, toBeHex(BigInt(account), 32));
  try {
    return await act(account);
  } finally {
    await onL2("hardhat_setStorageAt", contract, slot, before);
  }
}

/** Pays a deposit of L1 out in the disburser's place. */
async function disburse(from: string, depositId: bigint, addr: string): Promise<void> {
  const [sourceChainId] = bed.spawned.description.chainIds;
  const list = [{ token: ZeroAddress, amount: AMOUNT, addr, sourceChainId, depositId }];
  const data = FAST_BRIDGE.encodeFunctionData("disburseAsset", [list]);
  const value = toQuantity(AMOUNT);
  const hash = String(await onL2("eth_sendTransaction", { from, to: contract, data, value, gas: "0x493e0" }));
  const receipt = await until(
    "receipt",
    async () => (await bed.providers[2].getTransactionReceipt(hash)) ?? undefined,
  );
  expect(receipt.status).toBe(1);
}

/** Runs two children on L1, the first as the test says. */
const driven = (drive: (child: DrivenChild, other: DrivenChild, tools: DriveTools) => Promise<void>) =>
  runOn(bed, {
    target: opStackTarget(),
    children: 2,
    startChain: 1 satisfies Chain,
    duration: Number.POSITIVE_INFINITY,
    drive: async ([child, other], tools) => {
      if (child === undefined || other === undefined) throw new Error("no children to drive");
      await drive(child, other, tools);
    },
  });

test("a disbursement that failed is in flight until it is tried again with success, and holds nothing else up", async () => {
  const { result } = await driven(async (child, other, tools) => {
    await onL2("hardhat_setCode", child.address, REFUSES);
    const crossing = child.perform("FO", { amount: AMOUNT });
    await told("DisbursementFailed", child.address);
    expect((await other.perform("FO", { amount: AMOUNT })).outcome).toEqual({ kind: "succeeded" });
    const { audit, ledger } = await tools.prove();
    expect(audit.counts).toMatchObject({ "in flight": 1, "paid once": 1, lost: 0 });
    expect(ledger.unaccounted).toEqual({ 1: 0n, 2: 0n });
    await onL2("hardhat_setCode", child.address, "0x");
    const performed = await crossing;
    expect(performed.outcome).toEqual({ kind: "succeeded" });
    await told("DisbursementRetrySuccess", child.address);
  });
  expect(result.problems).toEqual([]);
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce({ inFlight: 0 });
  expect(result.audit.counts["paid once"]).toBe(2);
  expect(result.clean).toBe(true);
});

test("a deposit that is skipped holds up all later ones, and all of them are in flight", async () => {
  const { result } = await driven(async (child, other, tools) => {
    const both = await asDisburser(async () => {
      const crossings = [child, other].map((one) => one.perform("FO", { amount: AMOUNT }));
      await until("deposits", async () => {
        const { audit } = await tools.prove();
        const sent = audit.exceptions.filter(({ message }) => message !== undefined);
        return sent.length === 2 ? true : undefined;
      });
      const { audit } = await tools.prove();
      expect(audit.counts).toMatchObject({ "in flight": 2, "paid once": 0 });
      return crossings;
    });
    // With the disburser back, both are paid.
    for (const { outcome } of await Promise.all(both)) expect(outcome).toEqual({ kind: "succeeded" });
  });
  expect(result.problems).toEqual([]);
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce({ inFlight: 0 });
});

test("a disbursement to somebody else, and one too many, are found as what they are", async () => {
  const { result } = await driven(async (child, other) => {
    await asDisburser(async (disburser) => {
      const next = await nextId();
      const twice = other.perform("FO", { amount: AMOUNT });
      await deposited(next);
      await disburse(disburser, next, other.address);
      expect((await twice).outcome).toEqual({ kind: "succeeded" });
      await onL2("hardhat_setStorageAt", contract, await slotOfNext(), toBeHex(next, 32));
      await disburse(disburser, next, other.address);
      // An operation that fails ends the run.
      const stolen = child.perform("FO", { amount: AMOUNT });
      await deposited(next + 1n);
      await disburse(disburser, next + 1n, STRANGER);
      expect((await stolen).outcome).toEqual({ kind: "failed", reason: `paid out to ${STRANGER}` });
    });
  });
  expect(result.audit.counts).toMatchObject({ "wrong recipient": 1, doubled: 1, "paid once": 0, lost: 0 });
  expect(result.findings.map(({ detector }) => detector).toSorted()).toEqual(["doubled", "wrong recipient"]);
  // What was taken and what came too much is the crossings', and nothing else is amiss.
  const differences = result.ledger.crossings.map(({ code, who, difference }) => [code, who, difference]);
  expect(differences).toHaveLength(2);
  expect(differences).toEqual(
    expect.arrayContaining([
      ["FO", 0, -AMOUNT],
      ["FO", 1, AMOUNT],
    ]),
  );
  for (const chain of CHAINS)
    expect(result.ledger.chains[chain]).toMatchObject({ kind: "reconciled", differences: [] });
});
