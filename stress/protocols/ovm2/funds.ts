import { CHAINS, type Chain, exactEther, StressError } from "../../engine/base/index.ts";
import type { AccountHands, BridgeFunds, FunderHands, StopSignals } from "../protocol.ts";
import { addLiquidityCall, deposit, withdrawLiquidityCall, withdrawRewardCall } from "./calls.ts";
import { TOKENS } from "./operation.ts";
import { type PoolShare, poolShare } from "./pool-share.ts";
import { type PoolAccess, poolBalance, refillForStakers } from "./refill.ts";
import { payTokens, tokenBalance } from "../erc20.ts";
import { allOf, sendToEach } from "../sending.ts";

/** Gas of taking a stake or a reward out of a pool (measured: 61,000 to 81,000). */
const POOL_GAS = 90_000n;

/** Fast exits that a child's fee tokens are for. */
const EXITS_PER_CHILD = 100n;

/** How often a stake is tried to be taken out. */
const ATTEMPTS = 3;

/** Times the fee that a reward is counted as left behind from: fees may have fallen since it was not worth taking. */
const CLEARLY = 4n;

/** What money is brought into the pools, and out of them, with. */
export interface FundsAccess extends PoolAccess {
  /** What each pool is topped up to. Wei. */
  readonly poolMinimum: bigint;
  /** Wei that so much gas costs. */
  feeFor(chain: Chain, gas: bigint): bigint;
}

/** What the bridge needs of the funder before a run, and what there is to give back after it. */
export class PoolFunds implements BridgeFunds {
  readonly #access: FundsAccess;
  readonly ownShare = "stake";

  constructor(access: FundsAccess) {
    this.#access = access;
  }

  toL2(amount: bigint) {
    return { code: "SO", step: { kind: "send", ...deposit(this.#access.contracts, amount) } } as const;
  }

  /** Tops both pools up, as the predecessor did. */
  async prepare(funder: FunderHands, signals: StopSignals, say: (line: string) => void): Promise<void> {
    await allOf(CHAINS.map((chain) => this.#topUp(chain, funder, signals, say)));
  }

  async #topUp(
    chain: Chain,
    funder: FunderHands,
    { soft, hard }: StopSignals,
    say: (line: string) => void,
  ): Promise<void> {
    const missing = this.#access.poolMinimum - (await poolBalance(this.#access, chain));
    if (missing <= 0n || soft.aborted) return;
    await funder.send(chain, "AL", addLiquidityCall(this.#access.contracts, chain, missing), hard);
    say(`Added liquidity to the L${chain} pool: ${exactEther(missing)} ETH`);
  }

  /** Where fast exits cost tokens, each child gets enough for some, as far as the funder has them. */
  async equip(
    funder: FunderHands,
    children: readonly string[],
    batch: number,
    signals: StopSignals,
    say: (line: string) => void,
  ): Promise<void> {
    const { exitFee } = this.#access;
    if (exitFee === undefined || signals.soft.aborted) return;
    const wanted = exitFee.amount * EXITS_PER_CHILD;
    const share = funder.amount(2, TOKENS) / BigInt(children.length);
    const amount = share < wanted ? share : wanted;
    if (amount < exitFee.amount) {
      say(`WARNING the funder has no tokens ${exitFee.token} for exit fees: fast exits become slow ones`);
      return;
    }
    await sendToEach(children, batch, signals, (child) =>
      funder.send(2, "IF", payTokens(exitFee.token, child, amount), signals.hard),
    );
  }

  beforeGivingBack(funder: FunderHands, accounts: readonly string[], signal: AbortSignal): Promise<void> {
    return refillForStakers(this.#access, funder, accounts, signal);
  }

  givingBack(chain: Chain) {
    const share = (account: AccountHands): Promise<void> => this.#takeShare(chain, account);
    const tokens = (account: AccountHands, funder: FunderHands): Promise<void> =>
      this.#takeTokens(account, funder);
    return chain === 2 ? [share, tokens] : [share];
  }

  /** A stake, and what the pool earned with it. */
  async #takeShare(chain: Chain, account: AccountHands): Promise<void> {
    const { contracts } = this.#access;
    const { address } = account;
    const { stake, reward } = await poolShare(this.#access, chain, address);
    if (stake === 0n && !this.#isWorthTaking(chain, reward)) return;
    await account.provideGas(chain, POOL_GAS);
    // Withdrawing the stake shares out what the pool had earned since.
    const after = await this.#takeStakeOf(account, chain, { stake, reward });
    if (!this.#isWorthTaking(chain, after.reward)) return;
    await account.send(chain, "RL", withdrawRewardCall(contracts, chain, after.reward, address));
  }

  /**
   * What is there is read anew for each attempt: an account's own withdrawal that a reorganisation took back may be mined again meanwhile,
   * and leave nothing for this one.
   *
   * @returns what is the account's afterwards
   */
  async #takeStakeOf(account: AccountHands, chain: Chain, before: PoolShare): Promise<PoolShare> {
    const { address } = account;
    let share = before;
    for (let attempt = 1; share.stake > 0n; attempt++) {
      if (attempt > ATTEMPTS) throw new Error("the stake could not be taken out of the pool");
      await account.send(
        chain,
        "RL",
        withdrawLiquidityCall(this.#access.contracts, chain, share.stake, address),
      );
      share = await poolShare(this.#access, chain, address);
    }
    return share;
  }

  async #takeTokens(account: AccountHands, funder: FunderHands): Promise<void> {
    const { exitFee, nodes } = this.#access;
    if (exitFee === undefined) return;
    const tokens = await tokenBalance(nodes[2], exitFee.token, account.address);
    if (tokens === 0n) return;
    await account.provideGas(2, POOL_GAS);
    if (await account.send(2, "RF", payTokens(exitFee.token, funder.address, tokens))) return;
    throw new Error("the fee tokens could not be sent back");
  }

  async takeBackOwn(funder: FunderHands, chain: Chain, signal: AbortSignal): Promise<bigint> {
    const { contracts } = this.#access;
    const { address } = funder;
    const { stake, reward } = await poolShare(this.#access, chain, address);
    if (!this.#isWorthTaking(chain, stake + reward)) return stake + reward;
    await this.#takeStake(funder, chain, stake, signal);
    const rest = await poolShare(this.#access, chain, address);
    const left = await poolBalance(this.#access, chain);
    const rewards = rest.reward < left ? rest.reward : left;
    if (!this.#isWorthTaking(chain, rewards)) return rest.stake + rest.reward;
    await funder.send(chain, "RL", withdrawRewardCall(contracts, chain, rewards, address), signal);
    return rest.stake + rest.reward - rewards;
  }

  /** As much of the stake as the pool has. Others take theirs out at the same time: what was there a moment ago may be gone. */
  async #takeStake(funder: FunderHands, chain: Chain, stake: bigint, signal: AbortSignal): Promise<void> {
    const { contracts } = this.#access;
    const { address } = funder;
    for (let attempt = 1; ; attempt++) {
      await refillForStakers(this.#access, funder, [address], signal);
      const held = await poolBalance(this.#access, chain);
      const amount = stake < held ? stake : held;
      if (amount === 0n) return;
      try {
        await funder.send(chain, "RL", withdrawLiquidityCall(contracts, chain, amount, address), signal);
        return;
      } catch (error) {
        const isReverted = error instanceof StressError && error.code === "RPC_FAILED";
        if (!isReverted || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async held(chain: Chain, account: string): Promise<bigint> {
    const { stake, reward } = await poolShare(this.#access, chain, account);
    return stake + (this.#isWorthTaking(chain, reward / CLEARLY) ? reward : 0n);
  }

  async stakeOf(chain: Chain, account: string): Promise<bigint> {
    return (await poolShare(this.#access, chain, account)).stake;
  }

  costOfTaking(chain: Chain): bigint {
    return this.#access.feeFor(chain, POOL_GAS);
  }

  /** What is less than the fee of taking it stays. */
  #isWorthTaking(chain: Chain, wei: bigint): boolean {
    return wei > this.costOfTaking(chain);
  }
}
