import { getAddress, toBeHex, toQuantity, ZeroAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LocalChain } from "../../../fixtures/local-stack/chains.ts";
import { eventsIn } from "../../../fixtures/local-stack/events.ts";
import type { RelayFilter } from "../../../fixtures/local-stack/faults/relay-filter.ts";
import { Disburser, type FastDeposit } from "../../../fixtures/local-stack/op-stack/disburser.ts";
import {
  deployFastBridge,
  FAST_BRIDGE_ABI,
  type FastBridge,
} from "../../../fixtures/local-stack/op-stack/fast-bridge.ts";
import { read } from "../../../fixtures/local-stack/op-stack/read.ts";
import { type Chain, otherChain, type PerChain } from "../../../stress/engine/base/chain.ts";
import { openTwoChains } from "./two-chains.ts";

const LIMITS = { leastDeposit: 5n, mostDeposit: 1000n, mostInADay: 2500n };

/** Code that takes no ETH: it reverts. */
const REFUSES = "0x60006000fd";

let chains: PerChain<LocalChain>;
let bridge: FastBridge;
let accounts: readonly string[];

beforeAll(async () => {
  chains = await openTwoChains();
  bridge = await deployFastBridge(chains, LIMITS);
  accounts = await chains[1].ethers.send("eth_accounts", []);
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

const account = (index: number): string => getAddress(accounts[index] ?? "");

const mine = async (chain: Chain): Promise<number> => {
  await chains[chain].helpers.mine(1);
  return chains[chain].helpers.time.latestBlock();
};

/** A filter whose messages a test holds back. */
class Held implements RelayFilter<FastDeposit> {
  ids = new Set<bigint>();
  #held: readonly FastDeposit[] = [];

  async pass(due: readonly FastDeposit[]): Promise<readonly FastDeposit[]> {
    const all = [...this.#held, ...due];
    this.#held = all.filter(({ depositId }) => this.ids.has(depositId));
    return all.filter(({ depositId }) => !this.ids.has(depositId));
  }

  snapshot(): () => void {
    const held = this.#held;
    return () => {
      this.#held = held;
    };
  }
}

const nothingHeld = { pass: async (due: readonly FastDeposit[]) => due, snapshot: () => () => undefined };

const disburserOn = (
  chain: Chain,
  filter: RelayFilter<FastDeposit> = nothingHeld,
  settledBlock: (chain: Chain) => number = () => Number.POSITIVE_INFINITY,
): Promise<Disburser> => Disburser.create(chain, { chains, bridge, filter, settledBlock });

/** Sends a deposit, to be mined with the next block of its chain. */
const deposit = async (from: Chain, who: string, amount: bigint, value = amount): Promise<string> => {
  const { address: to } = bridge[from];
  const data = FAST_BRIDGE_ABI.encodeFunctionData("teleportAsset", [
    ZeroAddress,
    amount,
    chains[otherChain(from)].chainId,
  ]);
  const transaction = { from: who, to, data, value: toQuantity(value), gas: toQuantity(500_000) };
  return String(
    await chains[from].provider.request({ method: "eth_sendTransaction", params: [transaction] }),
  );
};

const statusOf = async (chain: Chain, hash: string): Promise<number | null | undefined> =>
  (await chains[chain].ethers.getTransactionReceipt(hash))?.status;

/** One block of the chain that a disburser pays out on. */
const served = async (chain: Chain, disburser: Disburser): Promise<number> => {
  await disburser.beforeBlock();
  const block = await mine(chain);
  await disburser.afterBlock(block);
  return block;
};

/** Ids and receivers of what one block of a chain disbursed. */
const disbursedIn = async (chain: Chain, block: number, name = "DisbursementSuccess") => {
  const { address } = bridge[chain];
  const events = await eventsIn(chains[chain], address, FAST_BRIDGE_ABI, name, block, block);
  return events.map(({ args }) => [BigInt(args["depositId"]), String(args["to"]), BigInt(args["amount"])]);
};

/** The id that the contract of a chain pays out next. */
const nextOn = async (chain: Chain): Promise<bigint> => {
  const args = [chains[otherChain(chain)].chainId];
  const [next] = await read(
    chains[chain],
    bridge[chain].address,
    FAST_BRIDGE_ABI,
    "totalDisbursements",
    args,
  );
  return BigInt(next);
};

describe.each([
  [1, 2],
  [2, 1],
] as const)("deposits on L%i", (from, to) => {
  test("are disbursed on the other chain in their order, to the wei, and once", async () => {
    const disburser = await disburserOn(to);
    const [alice, bob] = [account(1), account(2)];
    for (const [who, amount] of [
      [alice, 7n],
      [bob, 11n],
      [alice, 13n],
    ] as const)
      await deposit(from, who, amount);
    await mine(from);
    const before = await chains[to].ethers.getBalance(alice);
    const first = Number(await nextOn(to));
    const block = await served(to, disburser);
    expect(await disbursedIn(to, block)).toEqual([
      [BigInt(first), alice, 7n],
      [BigInt(first + 1), bob, 11n],
      [BigInt(first + 2), alice, 13n],
    ]);
    expect((await chains[to].ethers.getBalance(alice)) - before).toBe(20n);
    expect(await disbursedIn(to, await served(to, disburser))).toEqual([]);
  });
});

test("a deposit that is held back holds up all later ones", async () => {
  const filter = new Held();
  const disburser = await disburserOn(2, filter);
  const next = await nextOn(2);
  filter.ids = new Set([next + 1n]);
  for (let count = 0; count < 3; count++) await deposit(1, account(3), 9n);
  await mine(1);
  const first = await disbursedIn(2, await served(2, disburser));
  expect(first.map(([id]) => id)).toEqual([next]);
  expect(await disbursedIn(2, await served(2, disburser))).toEqual([]);
  filter.ids = new Set();
  const rest = await disbursedIn(2, await served(2, disburser));
  expect(rest.map(([id]) => id)).toEqual([next + 1n, next + 2n]);
});

test("no deposit of a block that may be taken back is disbursed", async () => {
  let settled = await chains[1].helpers.time.latestBlock();
  const disburser = await disburserOn(2, nothingHeld, () => settled);
  await deposit(1, account(4), 8n);
  const block = await mine(1);
  expect(await disbursedIn(2, await served(2, disburser))).toEqual([]);
  settled = block;
  expect(await disbursedIn(2, await served(2, disburser))).toHaveLength(1);
});

test("what an account does not take fails, holds nothing up, and is paid once the account takes it", async () => {
  const disburser = await disburserOn(2);
  const who = account(5);
  await deposit(1, who, 21n);
  await deposit(1, account(6), 6n);
  await mine(1);
  await chains[2].helpers.setCode(who, REFUSES);
  const before = await chains[2].ethers.getBalance(who);
  const block = await served(2, disburser);
  const [failed] = await disbursedIn(2, block, "DisbursementFailed");
  expect(failed?.slice(1)).toEqual([who, 21n]);
  expect((await disbursedIn(2, block)).map(([, to]) => to)).toEqual([account(6)]);
  // It goes on trying, and nothing comes of it.
  for (let count = 0; count < 9; count++) await served(2, disburser);
  expect(await chains[2].ethers.getBalance(who)).toBe(before);
  await chains[2].helpers.setCode(who, "0x");
  const retried: unknown[] = [];
  for (let count = 0; count < 9; count++)
    retried.push(...(await disbursedIn(2, await served(2, disburser), "DisbursementRetrySuccess")));
  expect(retried).toEqual([failed]);
  expect((await chains[2].ethers.getBalance(who)) - before).toBe(21n);
});

test("what was disbursed in blocks that are taken back is disbursed again", async () => {
  const disburser = await disburserOn(2);
  await deposit(1, account(7), 17n);
  await mine(1);
  const restore = disburser.snapshot();
  const point = await chains[2].provider.request({ method: "evm_snapshot" });
  const paid = await disbursedIn(2, await served(2, disburser));
  expect(paid).toHaveLength(1);
  await chains[2].provider.request({ method: "evm_revert", params: [point] });
  restore();
  expect(await disbursedIn(2, await served(2, disburser))).toEqual(paid);
});

test("a disbursement that waits in the pool is not sent a second time", async () => {
  const disburser = await disburserOn(2);
  await deposit(1, account(8), 19n);
  await mine(1);
  await disburser.beforeBlock();
  await disburser.beforeBlock();
  const pending = await chains[2].provider.request({ method: "eth_pendingTransactions" });
  expect(pending).toHaveLength(1);
  expect(await disbursedIn(2, await mine(2))).toHaveLength(1);
});

test("a client's transaction that nobody can execute any more holds nothing up", async () => {
  const disburser = await disburserOn(2);
  const [poor, to] = [account(12), account(13)];
  await deposit(1, account(11), 23n);
  await mine(1);
  await disburser.beforeBlock();
  const transaction = { from: poor, to, value: "0x1", gas: "0x5208" };
  const hash = String(
    await chains[2].provider.request({ method: "eth_sendTransaction", params: [transaction] }),
  );
  await chains[2].helpers.setBalance(poor, 0n);
  // It is still on its way, and looked for.
  await disburser.beforeBlock();
  await chains[2].helpers.dropTransaction(hash);
  expect(await disbursedIn(2, await mine(2))).toHaveLength(1);
});

describe("limits", () => {
  test.each([
    ["under the least deposit", 4n, 4n],
    ["over the most", 1001n, 1001n],
    ["another value than the amount", 100n, 99n],
  ])("%s: reverts", async (_, amount, value) => {
    const hash = await deposit(2, account(9), amount, value);
    await mine(2);
    expect(await statusOf(2, hash)).toBe(0);
  });

  test("over what is left of a day: reverts, and goes the day after", async () => {
    const disburser = await disburserOn(1);
    const hashes: string[] = [];
    for (const amount of [1000n, 1000n, 1000n]) hashes.push(await deposit(2, account(9), amount));
    await mine(2);
    const statuses = await Promise.all(hashes.map((hash) => statusOf(2, hash)));
    expect(statuses).toEqual([1, 1, 0]);
    await chains[2].helpers.time.increase(86_401);
    const hash = await deposit(2, account(9), 1000n);
    await mine(2);
    expect(await statusOf(2, hash)).toBe(1);
    expect(await disbursedIn(1, await served(1, disburser))).toHaveLength(3);
  });
});

test("the id of a message is told by both chains, and by no hash", async () => {
  const seen: string[] = [];
  const filter = {
    ...nothingHeld,
    pass: async (due: readonly FastDeposit[]) => {
      seen.push(...due.map(({ id }) => id));
      return due;
    },
  };
  const disburser = await disburserOn(2, filter);
  await deposit(1, account(10), 5n);
  await mine(1);
  const [[depositId] = []] = await disbursedIn(2, await served(2, disburser));
  expect(seen).toEqual([toBeHex((BigInt(chains[1].chainId) << 128n) | BigInt(depositId ?? 0), 32)]);
});
