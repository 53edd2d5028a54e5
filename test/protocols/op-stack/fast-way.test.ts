import { toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LocalChain } from "../../../fixtures/local-stack/chains.ts";
import { Disburser } from "../../../fixtures/local-stack/op-stack/disburser.ts";
import {
  deployFastBridge,
  FAST_BRIDGE_ABI,
  type FastBridge as Deployed,
} from "../../../fixtures/local-stack/op-stack/fast-bridge.ts";
import {
  type Chain,
  CHAINS,
  otherChain,
  type PerChain,
  perChain,
} from "../../../stress/engine/base/chain.ts";
import type { MessageId } from "../../../stress/engine/chain/index.ts";
import type { Receipt, TxHash } from "../../../stress/engine/rpc/receipt.ts";
import { FastWay } from "../../../stress/protocols/op-stack/ways/fast-way.ts";
import { depositOfMessage } from "../../../stress/protocols/op-stack/fast/deposit-id.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { nodeOf, openTwoChains } from "../../local-stack/op-stack/two-chains.ts";

const LIMITS = { leastDeposit: 5n, mostDeposit: 1000n, mostInADay: 2500n };

/** Code that takes no ETH: it reverts. */
const REFUSES = "0x60006000fd";

const DAY_S = 86_400;

let chains: PerChain<LocalChain>;
let deployed: Deployed;
let disbursers: PerChain<Disburser>;
let nodes: PerChain<ReturnType<typeof nodeOf>>;
let bridge: FastWay;
let accounts: readonly string[];
const clock = new FakeClock();

beforeAll(async () => {
  chains = await openTwoChains();
  deployed = await deployFastBridge(chains, LIMITS);
  accounts = await chains[1].ethers.send("eth_accounts", []);
  nodes = perChain((chain) => nodeOf(chains[chain]));
  const filter = { pass: async <M>(due: readonly M[]) => due, snapshot: () => () => undefined };
  const parts = { chains, bridge: deployed, filter, settledBlock: () => Number.POSITIVE_INFINITY };
  disbursers = { 1: await Disburser.create(1, parts), 2: await Disburser.create(2, parts) };
  const contracts = perChain((chain) => deployed[chain].address);
  bridge = await FastWay.open({ nodes, contracts, clock });
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

const account = (index: number): string => accounts[index] ?? "";

/** Mines a block, and has the bridge read its chain's limits. */
const mine = async (chain: Chain): Promise<number> => {
  await disbursers[chain].beforeBlock();
  await chains[chain].helpers.mine(1);
  const block = await chains[chain].helpers.time.latestBlock();
  await disbursers[chain].afterBlock(block);
  await bridge.limits.read(chain, block);
  return block;
};

const logsOf = (chain: Chain, block: number) => {
  const sources = bridge.interest(chain);
  const address = sources.map((source) => source.address);
  const topics = [sources.map(({ topic }) => topic)];
  return nodes[chain].logs({ address, topics, fromBlock: block, toBlock: block });
};

/** Deposits as the bridge's own step says. */
const deposit = async (from: Chain, who: string, amount: bigint): Promise<Receipt> => {
  const { plan } = bridge.deposit(from, amount);
  const transaction = {
    from: who,
    to: plan.to,
    data: plan.data,
    value: toQuantity(plan.value),
    gas: "0x7a120",
  };
  const hash = await chains[from].provider.request({ method: "eth_sendTransaction", params: [transaction] });
  await mine(from);
  const receipt = await nodes[from].receipt(hash as TxHash);
  if (receipt === undefined) throw new Error("the deposit was not mined");
  return receipt;
};

describe.each(CHAINS)("a deposit on L%i", (from) => {
  const to = otherChain(from);

  test("is the message that arrives on the other chain, and is paid there in full", async () => {
    const receipt = await deposit(from, account(1), 77n);
    const message = bridge.sent(from, receipt);
    if (message === undefined) throw new Error("no message");
    expect(depositOfMessage(message.id)).toEqual({
      sourceChainId: BigInt(chains[from].chainId),
      depositId: message.place,
    });
    expect(await bridge.arrivalOf(to, message.id)).toBeUndefined();
    const block = await mine(to);
    const [arrival, ...others] = bridge.arrivals(to, { logs: await logsOf(to, block) }, () => undefined);
    expect(others).toEqual([]);
    expect(arrival).toMatchObject({ id: message.id, block, answer: undefined });
    const [payout] = arrival?.payouts ?? [];
    expect(payout).toMatchObject({ way: "fast", asset: "balance", amount: 77n, fee: 0n, block });
    expect(payout?.to.toLowerCase()).toBe(account(1));
    expect(await bridge.arrivalOf(to, message.id)).toBe(arrival?.hash);
  });

  test("moves what its call says, for who reads it back", async () => {
    const receipt = await deposit(from, account(1), 55n);
    const call = await nodes[from].transaction(receipt.hash);
    if (call === undefined) throw new Error("not there");
    expect(bridge.movesOf(call, from)).toEqual([{ asset: "balance", amount: -55n, cause: "crossing" }]);
    expect(bridge.movesOf({ ...call, to: account(2) }, from)).toBeUndefined();
    expect(bridge.sent(to, receipt)).toBeUndefined();
    await mine(to);
  });
});

test("a disbursement that failed pays nothing, until one that is tried again succeeds", async () => {
  const who = account(3);
  await chains[2].helpers.setCode(who, REFUSES);
  const message = bridge.sent(1, await deposit(1, who, 21n));
  if (message === undefined) throw new Error("no message");
  const warnings: string[] = [];
  const failedIn = await logsOf(2, await mine(2));
  const failed = bridge.arrivals(2, { logs: failedIn }, (line) => warnings.push(line));
  expect(failed).toMatchObject([{ id: message.id, payouts: [], isRepeatable: true, isTriedAgain: true }]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(message.id);
  expect(await bridge.arrivalOf(2, message.id)).toBeUndefined();
  await chains[2].helpers.setCode(who, "0x");
  const arrivals = [];
  for (let blocks = 0; blocks < 9; blocks++)
    arrivals.push(...bridge.arrivals(2, { logs: await logsOf(2, await mine(2)) }, () => undefined));
  expect(arrivals).toHaveLength(1);
  expect(arrivals[0]).toMatchObject({ id: message.id, payouts: [{ way: "fast", amount: 21n }] });
  expect(await bridge.arrivalOf(2, message.id)).toBe(arrivals[0]?.hash);
});

test("a message of the messengers is none of the fast bridge's", async () => {
  const hash = `0x${"ab".repeat(32)}` as MessageId;
  expect(depositOfMessage(hash)).toBeUndefined();
  expect(await bridge.arrivalOf(2, hash)).toBeUndefined();
});

describe("the limits", () => {
  /** Whether the contract itself takes a deposit now. */
  const isTaken = async (from: Chain, amount: bigint): Promise<boolean> => {
    const { plan } = bridge.deposit(from, amount);
    const call = { from: account(1), to: plan.to, data: plan.data, value: toQuantity(plan.value) };
    try {
      await chains[from].provider.request({ method: "eth_call", params: [call, "latest"] });
      return true;
    } catch {
      return false;
    }
  };

  const now = async (chain: Chain): Promise<void> => {
    clock.ms = (await chains[chain].helpers.time.latest()) * 1000;
  };

  test.each([
    [4n, "below the least that the fast bridge takes"],
    [5n, undefined],
    [1000n, undefined],
    [1001n, "over the most that the fast bridge takes at once"],
  ])("refuse %i with the reason, where the contract does", async (amount, reason) => {
    await mine(1);
    await mine(2);
    await now(2);
    expect(bridge.limits.refusal(2, amount)).toBe(reason);
    expect(await isTaken(2, amount)).toBe(reason === undefined);
  });

  test("of a day refuse what is over them, until it is over", async () => {
    await chains[2].helpers.time.increase(DAY_S);
    for (const amount of [1000n, 1000n]) await deposit(2, account(1), amount);
    await now(2);
    for (const [amount, isLeft] of [
      [500n, true],
      [501n, false],
    ] as const) {
      expect(await isTaken(2, amount)).toBe(isLeft);
      expect(bridge.limits.refusal(2, amount)).toBe(
        isLeft ? undefined : "over what the fast bridge still takes today",
      );
    }
    await chains[2].helpers.time.increase(DAY_S);
    await mine(2);
    await now(2);
    expect(await isTaken(2, 501n)).toBe(true);
    // A chain's clock may be a little behind ours.
    clock.ms = (await chains[2].helpers.time.latest()) * 1000 + 180_000;
    expect(bridge.limits.refusal(2, 501n)).toBeUndefined();
  });

  test("leave out what crossings under way are about to take", () => {
    const release = [1000n, 1000n].map((amount) => bridge.limits.owe(2, amount));
    expect(bridge.limits.refusal(2, 501n)).toBe("over what the fast bridge still takes today");
    for (const one of release) one();
    expect(bridge.limits.refusal(2, 501n)).toBeUndefined();
  });

  test.each(CHAINS)("a pause on L%i refuses both ways", async (chain) => {
    const set = async (method: string) => {
      const { address: to } = deployed[chain];
      const from = await chains[chain].roleAccount(`L${chain} deployer`);
      const data = FAST_BRIDGE_ABI.encodeFunctionData(method);
      await chains[chain].provider.request({
        method: "eth_sendTransaction",
        params: [{ from: from.address, to, data, gas: "0x30d40" }],
      });
      await mine(chain);
    };
    await set("pause");
    for (const from of CHAINS) expect(bridge.limits.refusal(from, 100n)).toBe("the fast bridge is paused");
    await set("unpause");
    for (const from of CHAINS) expect(bridge.limits.refusal(from, 100n)).toBeUndefined();
  });
});
