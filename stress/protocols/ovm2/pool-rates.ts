import type { Interface } from "ethers";
import { type Chain, type PerChain, perChain } from "../../engine/base/index.ts";
import { callContract, classifyRpcError, type Log, type Node } from "../../engine/rpc/index.ts";
import { ABI, type Contracts, POOL_ABI, POOL_ETH } from "./contracts.ts";
import { parseEvent } from "../decode.ts";

/** What a pool keeps of a fast crossing, in thousandths: for its stakers, and for its owner. */
export interface PoolRates {
  readonly user: bigint;
  readonly owner: bigint;
}

/** What a pool pays for a deposit: LiquidityPool.clientPayL1 and clientPayL2, each fee rounded down by itself. Wei. */
export const dueAt = ({ user, owner }: PoolRates, deposit: bigint): bigint =>
  deposit - (deposit * user) / 1000n - (deposit * owner) / 1000n;

/** A pool's money: what it holds, and what its stakers put in. Wei. */
interface PoolState {
  readonly balance: bigint;
  readonly liquidity: bigint;
}

/** The rates of a pool are set by its owner; in thousandths. */
interface PoolSettings {
  readonly least: bigint;
  readonly most: bigint;
  readonly owner: bigint;
}

/**
 * The rate that stakers get at this state: LiquidityPool.getUserRewardFeeRate. It rises as the pool runs dry.
 */
export function userRate({ balance, liquidity }: PoolState, { least, most }: PoolSettings): bigint {
  if (balance === 0n) return most;
  const rate = (least * liquidity) / balance;
  if (rate < least) return least;
  return rate > most ? most : rate;
}

/** What each event of a pool does to its money: by name, its amount's argument and the signs for balance and liquidity. */
const EFFECTS: Readonly<Record<string, { amount: string; balance: 1n | -1n; liquidity: 1n | 0n | -1n }>> = {
  AddLiquidity: { amount: "amount", balance: 1n, liquidity: 1n },
  WithdrawLiquidity: { amount: "amount", balance: -1n, liquidity: -1n },
  WithdrawReward: { amount: "amount", balance: -1n, liquidity: 0n },
  OwnerRecoverFee: { amount: "amount", balance: -1n, liquidity: 0n },
  RebalanceLP: { amount: "amount", balance: -1n, liquidity: 0n },
  ClientDepositL1: { amount: "receivedAmount", balance: 1n, liquidity: 0n },
  ClientDepositL2: { amount: "receivedAmount", balance: 1n, liquidity: 0n },
  ClientPayL1: { amount: "amount", balance: -1n, liquidity: 0n },
  ClientPayL1Settlement: { amount: "amount", balance: -1n, liquidity: 0n },
  ClientPayL2: { amount: "amount", balance: -1n, liquidity: 0n },
  ClientPayL2Settlement: { amount: "amount", balance: -1n, liquidity: 0n },
};

const PAYS = /^ClientPay/;

/** A pool as one block finds it. */
interface PoolBefore {
  readonly abi: Interface;
  /** How this pool names ETH. */
  readonly eth: string;
  readonly state: PoolState;
  readonly settings: PoolSettings;
}

/**
 * Replays a block's events of a pool.
 *
 * @returns the rates each payout was due at, by log index, and the pool's balance after the block
 */
export function replay(
  pool: PoolBefore,
  logs: readonly Log[],
): { rates: Map<number, PoolRates>; balance: bigint } {
  const { abi, eth, settings } = pool;
  let { balance, liquidity } = pool.state;
  const rates = new Map<number, PoolRates>();
  for (const log of logs) {
    const event = parseEvent(abi, log);
    const effect = event === null ? undefined : EFFECTS[event.name];
    if (event === null || effect === undefined || String(event.args["tokenAddress"]) !== eth) continue;
    const amount = BigInt(event.args[effect.amount]);
    if (PAYS.test(event.name)) {
      rates.set(log.logIndex, { user: userRate({ balance, liquidity }, settings), owner: settings.owner });
    }
    balance += effect.balance * amount;
    liquidity += effect.liquidity * amount;
  }
  return { rates, balance };
}

/** Finds out at which rates a pool's payouts were due: from its own state before the block, and what the block did to it. */
export class PoolRateReader {
  readonly #nodes: PerChain<Node>;
  readonly #contracts: Contracts;
  readonly #pools: PerChain<string>;

  constructor(nodes: PerChain<Node>, contracts: Contracts) {
    this.#nodes = nodes;
    this.#contracts = contracts;
    this.#pools = perChain((chain) => contracts.pool[chain].toLowerCase());
  }

  /**
   * The rates of a block's payouts, by log index; undefined where they cannot be known: the node has no such old state, or
   * the pool's balance moved without an event.
   *
   * @param logs the block's events, in their order
   */
  async read(chain: Chain, block: number, logs: readonly Log[]): Promise<Map<number, PoolRates> | undefined> {
    const pool = this.#contracts.pool[chain];
    try {
      const [state, settings, after] = await Promise.all([
        this.#state(chain, block - 1),
        this.#settings(chain, block - 1),
        this.#balance(chain, block),
      ]);
      const own = logs.filter(({ address }) => address === this.#pools[chain]);
      const before = { abi: POOL_ABI[chain], eth: POOL_ETH[chain], state, settings };
      const { rates, balance } = replay(before, own);
      return balance + bridged(chain, pool, logs) === after ? rates : undefined;
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      // Whatever kept the node from answering, the payouts are judged by what their events say.
      return undefined;
    }
  }

  async #state(chain: Chain, block: number): Promise<PoolState> {
    const [balance, info] = await Promise.all([
      this.#balance(chain, block),
      this.#call(chain, block, "poolInfo", [POOL_ETH[chain]]),
    ]);
    return { balance, liquidity: info[2] ?? 0n };
  }

  async #settings(chain: Chain, block: number): Promise<PoolSettings> {
    const names = ["userRewardMinFeeRate", "userRewardMaxFeeRate", "ownerRewardFeeRate"];
    const read = await Promise.all(names.map((name) => this.#call(chain, block, name)));
    const [least = 0n, most = 0n, owner = 0n] = read.map(([rate]) => rate);
    return { least, most, owner };
  }

  async #balance(chain: Chain, block: number): Promise<bigint> {
    return this.#nodes[chain].balance(this.#contracts.pool[chain], block);
  }

  async #call(chain: Chain, block: number, method: string, args: readonly string[] = []): Promise<bigint[]> {
    const pool = this.#contracts.pool[chain];
    const answer = await callContract(this.#nodes[chain], POOL_ABI[chain], pool, method, args, block);
    return answer.map((value) => BigInt(String(value)));
  }
}

/** Wei that the bridge paid to a pool in a block (its owner rebalances the pools through it). */
function bridged(chain: Chain, pool: string, logs: readonly Log[]): bigint {
  const [abi, name] =
    chain === 1
      ? [ABI.L1StandardBridge, "ETHWithdrawalFinalized"]
      : [ABI.L2StandardBridge, "DepositFinalized"];
  return logs.reduce((sum, log) => {
    const event = parseEvent(abi, log);
    if (event?.name !== name || String(event.args["_to"]).toLowerCase() !== pool.toLowerCase()) return sum;
    return sum + BigInt(event.args["_amount"]);
  }, 0n);
}
