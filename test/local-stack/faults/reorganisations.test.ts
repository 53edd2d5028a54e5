import { setTimeout as sleep } from "node:timers/promises";
import { Contract, Interface, parseEther, toQuantity, Transaction } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Injected } from "../../../fixtures/local-stack/faults/injected.ts";
import { resolveAddresses } from "../../../fixtures/target/addresses.ts";
import type { Chain } from "../../../stress/engine/base/chain.ts";
import { ovmAddresses } from "../../../stress/protocols/ovm2/addresses.ts";
import { ovm2 } from "../../../stress/protocols/ovm2/index.ts";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { openTestBed, type TestBed } from "../../run/running.ts";
import { account, Bridge, RECEIVING, type Way } from "../ovm2/bridge.ts";
import { underFaults } from "./under-faults.ts";
import { until } from "./until.ts";

let bed: TestBed;
let bridge: Bridge;

beforeAll(async () => {
  bed = await openTestBed();
  bridge = await Bridge.open(bed);
});

afterAll(() => bed.close());

/** Milliseconds between two crossings. */
const PACE_MS = 25;

interface Sent {
  readonly way: Way;
  readonly from: number;
  readonly amount: bigint;
  readonly raw: string;
}

/** What clients saw: the hashes of each block number, on both chains. */
class Witness {
  readonly #seen = { 1: new Map<number, Set<string>>(), 2: new Map<number, Set<string>>() };
  #isOver = false;
  readonly #watching: Promise<unknown>;

  constructor() {
    this.#watching = Promise.all([this.#watch(1), this.#watch(2)]);
  }

  async #watch(chain: Chain): Promise<void> {
    while (!this.#isOver) {
      const block = await bed.providers[chain].getBlock("latest");
      const hashes = this.#seen[chain].get(block?.number ?? 0) ?? new Set();
      this.#seen[chain].set(block?.number ?? 0, hashes.add(block?.hash ?? ""));
      await sleep(15);
    }
  }

  /** The blocks that were seen, and are others now. */
  async replaced(chain: Chain): Promise<number[]> {
    this.#isOver = true;
    await this.#watching;
    const replaced: number[] = [];
    for (const [number, hashes] of this.#seen[chain]) {
      const hash = (await bed.providers[chain].getBlock(number))?.hash ?? "";
      if (hashes.size > 1 || !hashes.has(hash)) replaced.push(number);
    }
    return replaced.toSorted((one, other) => one - other);
  }
}

/** Crossings in all ways, from both chains, until the plan did all it was to do. */
async function traffic(
  faults: readonly object[],
  done: number,
): Promise<{ records: Injected[]; sent: Sent[] }> {
  const sent: Sent[] = [];
  const records = await underFaults(bed, faults, async (soFar) => {
    const over = new AbortController();
    const flow = async (ways: readonly Way[], accounts: readonly number[]): Promise<void> => {
      for (let turn = 0; !over.signal.aborted; turn++) {
        const [way = "FO", from = 1] = [ways[turn % ways.length], accounts[turn % accounts.length]];
        const amount = parseEther("0.01") + BigInt(turn);
        sent.push({ way, from, amount, raw: await bridge.cross(way, from, amount) });
        await sleep(PACE_MS);
      }
    };
    const flows = [flow(["FO", "SO"], [1, 2, 3, 4, 5]), flow(["FX", "SX"], [6, 7, 8, 9, 10])];
    try {
      await until("end of the plan", async () => ((await soFar()).length < done ? undefined : true));
    } finally {
      over.abort();
      await Promise.all(flows);
    }
  });
  return { records, sent };
}

const receiptOf = ({ way, raw }: Sent) =>
  bed.providers[RECEIVING[way] === 1 ? 2 : 1].getTransactionReceipt(Transaction.from(raw).hash ?? "");

/** Clients send again what was forgotten; then every crossing is paid once and exactly. Returns what was sent again. */
async function settle(sent: readonly Sent[]): Promise<Sent[]> {
  await sleep(400);
  const gone: Sent[] = [];
  for (const one of sent) {
    if ((await receiptOf(one)) !== null) continue;
    gone.push(one);
    // Those behind a nonce gap are still in the pool: it knows them.
    await bridge.broadcast(RECEIVING[one.way] === 1 ? 2 : 1, one.raw).catch(() => "");
  }
  await Promise.all(sent.map(expectPaidOnce));
  return gone;
}

async function expectPaidOnce({ way, from, amount, raw }: Sent): Promise<void> {
  const id = await bridge.messageOf(way, raw);
  const [payment, ...others] = await bridge.payments(way, id);
  expect(others).toEqual([]);
  expect(payment?.to).toBe(account(from).address);
  if (way.startsWith("S")) expect(payment?.amount).toBe(amount);
}

const scc = new Interface([
  "event StateBatchAppended(uint256 indexed _batchIndex, bytes32 _batchRoot, uint256 _batchSize, uint256 _prevTotalElements, bytes _extraData)",
  "function appendStateBatch(bytes32[] _batch, uint256 _shouldStartAtElement)",
]);

/** State roots on L1, in their order. */
async function submittedRoots(address: string): Promise<string[]> {
  const topics = [scc.getEvent("StateBatchAppended")?.topicHash ?? ""];
  const roots: string[] = [];
  for (const { transactionHash } of await bed.providers[1].getLogs({ address, topics, fromBlock: 0 })) {
    const transaction = await bed.providers[1].getTransaction(transactionHash);
    const [batch, start] = scc.decodeFunctionData("appendStateBatch", transaction?.data ?? "");
    expect(Number(start)).toBe(roots.length);
    roots.push(...(batch as string[]));
  }
  return roots;
}

async function stateRoot(block: number): Promise<string> {
  const answer: unknown = await bed.providers[2].send("eth_getBlockByNumber", [toQuantity(block), false]);
  return (answer as { stateRoot: string }).stateRoot;
}

/** Both layers agree on L2's blocks, and every ETH on L2 is one in the bridge on L1. */
async function expectConsistency(): Promise<void> {
  const addresses = ovmAddresses(await resolveAddresses(bed.stack.addresses, ovm2));
  const roots = await submittedRoots(addresses.scc);
  expect(roots.length).toBeGreaterThan(0);
  let first = 0;
  while ((await stateRoot(first)) !== roots[0]) first++;
  expect(await Promise.all(roots.map((_, index) => stateRoot(first + index)))).toEqual(roots);
  const elements = async (address: string): Promise<bigint> => {
    const contract = new Contract(
      address,
      ["function getTotalElements() view returns (uint256)"],
      bed.providers[1],
    );
    return BigInt(await contract.getFunction("getTotalElements").staticCall());
  };
  await until("equal numbers of elements in CTC and SCC", async () => {
    const [ofCtc, ofScc] = await Promise.all([elements(addresses.ctc), elements(addresses.scc)]);
    return ofCtc === ofScc ? true : undefined;
  });
  const abi = ["function totalSupply() view returns (uint256)"];
  const supply = new Contract(PREDEPLOYS.eth, abi, bed.providers[2]).getFunction("totalSupply");
  expect(await bed.providers[1].getBalance(addresses.l1Bridge)).toBe(await supply.staticCall());
}

const ofDepth = (records: readonly Injected[], depth: number): Injected | undefined =>
  records.find((record) => record.depth === depth);

const numbers = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => from + at);

test.for([
  { chain: 1, depth: 3, after: "300ms" },
  { chain: 2, depth: 3, after: "300ms" },
] as const)("L$chain replaces $depth blocks, and the bridge stays sound", async ({ chain, depth, after }) => {
  const witness = new Witness();
  const { records, sent } = await traffic([{ fault: "reorganisation", chain, depth, after }], 1);
  expect(records).toMatchObject([{ fault: "reorganisation", chain, depth }]);
  const [record] = records;
  // On a busy machine the witness does not see every block.
  const replaced = await witness.replaced(chain);
  expect(replaced.length).toBeGreaterThan(0);
  expect(numbers(record?.block ?? 0, depth)).toEqual(expect.arrayContaining(replaced));
  expect(await bed.providers[chain].getBlockNumber()).toBeGreaterThan((record?.block ?? 0) + depth - 1);
  expect((record?.kept ?? 0) + (record?.forgotten ?? 0)).toBeGreaterThan(0);
  const gone = await settle(sent);
  expect(gone.length).toBeGreaterThanOrEqual(record?.forgotten ?? 0);
  await expectConsistency();
});

test("both chains reorganise at once, and again and again", async () => {
  const faults = ([1, 2] as const).flatMap((chain) =>
    [1, 3].map((depth) => ({ fault: "reorganisation", chain, depth })),
  );
  const { records, sent } = await traffic(faults, faults.length);
  const done = records.map(({ chain, depth }) => `L${chain} by ${depth}`);
  expect(done.toSorted()).toEqual(["L1 by 1", "L1 by 3", "L2 by 1", "L2 by 3"]);
  await settle(sent);
  await expectConsistency();
});

test("transactions return to the pool by themselves, or never", async () => {
  const faults = [
    { fault: "reorganisation", chain: 2, depth: 4, keep: 100 },
    { fault: "reorganisation", chain: 2, depth: 5, keep: 0 },
  ];
  const { records, sent } = await traffic(faults, faults.length);
  const [all, none] = [ofDepth(records, 4), ofDepth(records, 5)];
  expect(all?.kept).toBeGreaterThan(0);
  expect(all?.forgotten).toBe(0);
  expect(none?.kept).toBe(0);
  expect(none?.forgotten).toBeGreaterThan(0);
  expect((await settle(sent)).length).toBeGreaterThanOrEqual(none?.forgotten ?? 0);
  await expectConsistency();
});

test("the plan's end takes back what there is, even where it is not as deep as planned", async () => {
  const sent: Sent[] = [];
  const records = await underFaults(bed, [{ fault: "reorganisation", chain: 1, depth: 64 }], async () => {
    const mined = async (count: number): Promise<void> => {
      const head = await bed.providers[1].getBlockNumber();
      await until("more blocks", async () =>
        (await bed.providers[1].getBlockNumber()) >= head + count ? true : undefined,
      );
    };
    await mined(1);
    sent.push({ way: "SO", from: 1, amount: 5n, raw: await bridge.cross("SO", 1, 5n) });
    await mined(3);
    // L2 does not act on blocks that will be gone.
    expect(await bridge.relaysOf("SO", await bridge.messageOf("SO", sent[0]?.raw ?? ""))).toEqual([]);
  });
  expect(records).toMatchObject([{ fault: "reorganisation", chain: 1 }]);
  expect(records[0]?.depth).toBeGreaterThanOrEqual(3);
  expect(records[0]?.depth).toBeLessThan(10);
  await settle(sent);
  await expectConsistency();
});

test("what other faults did in blocks that are taken back has not been, and is done again", async () => {
  const faults = [
    { fault: "reorganisation", chain: 2, depth: 4, keep: 100, after: "200ms" },
    { fault: "duplicate relay", path: "deposits" },
    { fault: "skim", chain: 2, wei: "7" },
  ];
  const sent: string[] = [];
  const records = await underFaults(bed, faults, async (soFar) => {
    await until("reorganisation", async () => {
      sent.push(await bridge.cross("FO", 1, parseEther("0.01")));
      return (await soFar()).some(({ fault }) => fault === "reorganisation") ? true : undefined;
    });
  });
  const of = (name: string) => records.filter(({ fault }) => fault === name);
  const found = { skim: 0, "duplicate relay": 0 };
  for (const raw of sent) {
    const id = await bridge.messageOf("FO", raw);
    const relays = await bridge.relayed("FO", id);
    const duplicated = of("duplicate relay").filter(({ message }) => message === id);
    expect(relays).toHaveLength(1 + duplicated.length);
    found["duplicate relay"] += duplicated.length;
    const skimmed = of("skim").filter(({ transaction }) => relays.some(({ hash }) => hash === transaction));
    expect(new Set(skimmed.map(({ transaction }) => transaction)).size).toBe(skimmed.length);
    found.skim += skimmed.length;
  }
  expect(found).toEqual({ skim: of("skim").length, "duplicate relay": of("duplicate relay").length });
  expect(found["duplicate relay"]).toBeGreaterThan(0);
  for (const { transaction = "", block = 0 } of of("skim")) {
    expect((await bed.providers[2].getTransactionReceipt(transaction))?.blockNumber).toBe(block);
  }
});
