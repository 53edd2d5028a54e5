import { toQuantity, ZeroAddress } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dueAt, PoolRateReader, replay, userRate } from "../../../stress/protocols/ovm2/pool-rates.ts";
import type { Chain } from "../../../stress/engine/base/chain.ts";
import { POOL_ABI, POOL_ETH } from "../../../stress/protocols/ovm2/contracts.ts";
import { type Log, Node } from "../../../stress/engine/rpc/index.ts";
import { FakeChain, nodeError } from "../../fakes/chain.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { logOf } from "../../fakes/crossings.ts";
import { eventLog, noise } from "../../fakes/events.ts";
import { runs } from "../../fakes/property.ts";

const [SOMEBODY, TOKEN] = [addressOf(70), addressOf(71)];
const SETTINGS = { least: 5n, most: 50n, owner: 3n };

/** An event of a chain's pool, with this amount. */
function poolEvent(chain: Chain, name: string, amount: bigint, token = POOL_ETH[chain]) {
  const args: Record<string, unknown> = { amount, receivedAmount: amount, tokenAddress: token };
  const values = POOL_ABI[chain]
    .getEvent(name)
    ?.inputs.map(({ name: input, type }) => args[input] ?? (type === "address" ? SOMEBODY : 0n));
  const abi = chain === 1 ? "L1LiquidityPool" : "L2LiquidityPool";
  return eventLog(contracts.pool[chain], abi, name, values ?? []);
}

const logsOf = (events: readonly ReturnType<typeof poolEvent>[]): Log[] => events.map(logOf);

const poolOn = (chain: Chain, balance: bigint, liquidity: bigint) => ({
  abi: POOL_ABI[chain],
  eth: POOL_ETH[chain],
  state: { balance, liquidity },
  settings: SETTINGS,
});

describe("the stakers' rate", () => {
  test.each([
    ["its least where the pool has all that was staked", 1000n, 1000n, 5n],
    ["its least where the pool has more", 5000n, 1000n, 5n],
    ["twice its least where half is left", 500n, 1000n, 10n],
    ["rounded down", 700n, 1000n, 7n],
    ["its most where next to nothing is left", 1n, 1000n, 50n],
    ["its most where nothing is left", 0n, 1000n, 50n],
    ["its most where there never was anything", 0n, 0n, 50n],
    ["its least where nobody staked", 10n, 0n, 5n],
  ])("is %s", (_, balance, liquidity, rate) => {
    expect(userRate({ balance, liquidity }, SETTINGS)).toBe(rate);
  });

  test("is within its bounds, and rises as the pool runs dry", () => {
    const wei = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(wei, wei, wei, (balance, more, liquidity) => {
        const [rate, fuller] = [balance, balance + more].map((one) =>
          userRate({ balance: one, liquidity }, SETTINGS),
        );
        expect(rate !== undefined && rate >= SETTINGS.least && rate <= SETTINGS.most).toBe(true);
        expect(fuller !== undefined && rate !== undefined && fuller <= rate).toBe(true);
      }),
      runs(),
    );
  });
});

describe("what is due of a deposit", () => {
  test.each([
    [1000n, 985n],
    [1999n, 1971n],
    [99n, 99n],
    [0n, 0n],
    [10n ** 18n + 1n, 985n * 10n ** 15n + 1n],
  ])("of %i is %i: each fee is rounded down by itself", (deposit, due) => {
    expect(dueAt({ user: 10n, owner: 5n }, deposit)).toBe(due);
  });

  test("is never more than was deposited, and at most two wei above the exact part", () => {
    const rate = fc.bigInt({ min: 0n, max: 500n });
    fc.assert(
      fc.property(rate, rate, fc.bigInt({ min: 0n, max: 10n ** 24n }), (user, owner, deposit) => {
        const due = dueAt({ user, owner }, deposit);
        const above = due * 1000n - deposit * (1000n - user - owner);
        expect(due <= deposit && above >= 0n && above < 2000n).toBe(true);
      }),
      runs(),
    );
  });
});

describe.each([1, 2] as const)("the events of the pool on chain %i", (chain) => {
  const PAYOUT = `ClientPayL${chain}`;
  const SIGNS: Readonly<Record<string, readonly [bigint, bigint]>> = {
    AddLiquidity: [1n, 1n],
    WithdrawLiquidity: [-1n, -1n],
    WithdrawReward: [-1n, 0n],
    OwnerRecoverFee: [-1n, 0n],
    RebalanceLP: [-1n, 0n],
    [`ClientDepositL${chain}`]: [1n, 0n],
    [PAYOUT]: [-1n, 0n],
    [`${PAYOUT}Settlement`]: [-1n, 0n],
  };

  test("replayed give each payout the rate of its own moment", () => {
    const happened = fc.record({
      name: fc.constantFrom(...Object.keys(SIGNS)),
      amount: fc.bigInt({ min: 0n, max: 1000n }),
      isEth: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(happened), (events) => {
        const logs = logsOf(
          events.map(({ name, amount, isEth }) =>
            poolEvent(chain, name, amount, isEth ? POOL_ETH[chain] : TOKEN),
          ),
        );
        const { rates, balance } = replay(poolOn(chain, 100_000n, 90_000n), logs);
        /** The pool before the event at this place. */
        const before = (at: number) => {
          const past = events.slice(0, at).filter(({ isEth }) => isEth);
          const sum = (which: 0 | 1): bigint =>
            past.reduce((total, { name, amount }) => total + (SIGNS[name]?.[which] ?? 0n) * amount, 0n);
          return { balance: 100_000n + sum(0), liquidity: 90_000n + sum(1) };
        };
        const expected = events.flatMap(({ name, isEth }, at) =>
          isEth && name.startsWith(PAYOUT)
            ? [[at, { user: userRate(before(at), SETTINGS), owner: SETTINGS.owner }] as const]
            : [],
        );
        expect(rates).toEqual(new Map(expected));
        expect(balance).toBe(before(events.length).balance);
      }),
      runs(100),
    );
  });

  test("that are none of the pool's money change nothing", () => {
    const logs = logsOf([noise(contracts.pool[chain]), poolEvent(chain, PAYOUT, 5n, TOKEN)]);
    expect(replay(poolOn(chain, 10n, 10n), logs)).toEqual({ rates: new Map(), balance: 10n });
  });
});

describe("a pool's rates in a block", () => {
  const RATES: Readonly<Record<string, bigint>> = {
    userRewardMinFeeRate: 5n,
    userRewardMaxFeeRate: 50n,
    ownerRewardFeeRate: 3n,
  };

  /** A chain whose pool on L1 has this much after each block; 1000 are staked. */
  function chainWith(balances: Readonly<Record<number, bigint>>): FakeChain {
    const chain = new FakeChain();
    chain.answer("eth_getBalance", (_, block) => {
      const balance = balances[Number(block)];
      if (balance === undefined) throw nodeError("missing trie node");
      return toQuantity(balance);
    });
    chain.answer("eth_call", (call, block) => {
      if (balances[Number(block)] === undefined) throw nodeError("missing trie node");
      const name = POOL_ABI[1].getFunction((call as { data: string }).data.slice(0, 10))?.name ?? "";
      const info = [ZeroAddress, ZeroAddress, 1000n, 0n, 0n, 0n, 0n, 0n];
      return POOL_ABI[1].encodeFunctionResult(name, name === "poolInfo" ? info : [RATES[name] ?? 0n]);
    });
    return chain;
  }

  const read = (balances: Readonly<Record<number, bigint>>, logs: readonly Log[]) => {
    const node = new Node(chainWith(balances));
    return new PoolRateReader({ 1: node, 2: node }, contracts).read(1, 6, logs);
  };

  test("come from the pool's state before it, and what happened in it", async () => {
    const logs = logsOf([poolEvent(1, "ClientPayL1", 250n), poolEvent(1, "ClientPayL1", 100n)]);
    expect(await read({ 5: 500n, 6: 150n }, logs)).toEqual(
      new Map([
        [0, { user: 10n, owner: 3n }],
        [1, { user: 20n, owner: 3n }],
      ]),
    );
  });

  test("are unknown where its money moved without an event", async () => {
    const logs = logsOf([poolEvent(1, "ClientPayL1", 250n)]);
    expect(await read({ 5: 500n, 6: 249n }, logs)).toBeUndefined();
  });

  test("are known where the bridge paid the pool", async () => {
    const args = [SOMEBODY, contracts.pool[1], 70n, "0x"];
    const bridge = eventLog(contracts.bridge[1], "L1StandardBridge", "ETHWithdrawalFinalized", args);
    const logs = logsOf([poolEvent(1, "ClientPayL1", 250n), bridge]);
    expect(await read({ 5: 500n, 6: 320n }, logs)).toEqual(new Map([[0, { user: 10n, owner: 3n }]]));
  });

  test("are unknown where the node has no such old state", async () => {
    expect(await read({ 6: 500n }, [])).toBeUndefined();
  });
});
