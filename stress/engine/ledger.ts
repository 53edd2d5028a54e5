import type { Chain } from "./chain.ts";
import type { Receipt } from "./receipt.ts";

/** What a transaction moves beyond its own fees. Amounts in wei. */
export type Movement =
  | { readonly kind: "payment"; readonly to: string; readonly amount: bigint }
  | { readonly kind: "stake"; readonly amount: bigint }
  | { readonly kind: "unstake"; readonly amount: bigint; readonly to: string }
  | { readonly kind: "reward"; readonly amount: bigint; readonly to: string }
  /** `exitFee` is in fee tokens. */
  | { readonly kind: "crossing"; readonly amount: bigint; readonly exitFee?: bigint }
  /** Fee tokens, on L2. */
  | { readonly kind: "tokens"; readonly to: string; readonly amount: bigint }
  | { readonly kind: "nothing" };

interface Holding {
  balance: bigint;
  stake: bigint;
}

/**
 * The account of what the run's own accounts own on both chains, from receipts and payouts: an operation asks it instead
 * of the node. Wei.
 */
export class Ledger {
  readonly #holdings = new Map<string, Holding>();
  readonly #tokens = new Map<string, bigint>();
  /** Told of each account that money arrived at: an idle child comes back. */
  onCredit: (account: string, chain: Chain) => void = () => undefined;

  /** Takes up an account as the chain has it; replaces what was known. */
  open(account: string, chain: Chain, balance: bigint, stake: bigint): void {
    this.#holdings.set(keyOf(account, chain), { balance, stake });
  }

  balance(account: string, chain: Chain): bigint {
    return this.#holdings.get(keyOf(account, chain))?.balance ?? 0n;
  }

  /** What the account has in the chain's liquidity pool. */
  stake(account: string, chain: Chain): bigint {
    return this.#holdings.get(keyOf(account, chain))?.stake ?? 0n;
  }

  /** Books a mined transaction of an account: its fees always, what it moves only where it succeeded. */
  book(account: string, chain: Chain, receipt: Receipt, movement: Movement): void {
    this.#add(account, chain, -(receipt.gasFee + receipt.l1Fee));
    if (!receipt.succeeded) return;
    switch (movement.kind) {
      case "payment":
        this.#add(account, chain, -movement.amount);
        this.credit(movement.to, chain, movement.amount);
        return;
      case "stake":
        this.#add(account, chain, -movement.amount);
        this.#addStake(account, chain, movement.amount);
        return;
      case "unstake":
        this.#addStake(account, chain, -movement.amount);
        this.credit(movement.to, chain, movement.amount);
        return;
      case "reward":
        this.credit(movement.to, chain, movement.amount);
        return;
      case "crossing":
        this.#add(account, chain, -movement.amount);
        this.#addTokens(account, -(movement.exitFee ?? 0n));
        return;
      case "tokens":
        this.#addTokens(account, -movement.amount);
        this.#addTokens(movement.to, movement.amount);
        return;
      case "nothing":
        return;
    }
  }

  /** Books money that arrived: a payout, or a payment of one of our own. */
  credit(account: string, chain: Chain, amount: bigint): void {
    if (!this.#holdings.has(keyOf(account, chain))) return;
    this.#add(account, chain, amount);
    this.onCredit(account, chain);
  }

  /** Takes up an account's fee tokens as L2 has them. */
  openTokens(account: string, amount: bigint): void {
    this.#tokens.set(account, amount);
  }

  /** What the account has of the token that exit fees are paid in. */
  tokens(account: string): bigint {
    return this.#tokens.get(account) ?? 0n;
  }

  #addTokens(account: string, amount: bigint): void {
    const tokens = this.#tokens.get(account);
    if (tokens !== undefined) this.#tokens.set(account, tokens + amount);
  }

  #add(account: string, chain: Chain, amount: bigint): void {
    const holding = this.#holdings.get(keyOf(account, chain));
    if (holding !== undefined) holding.balance += amount;
  }

  #addStake(account: string, chain: Chain, amount: bigint): void {
    const holding = this.#holdings.get(keyOf(account, chain));
    if (holding !== undefined) holding.stake += amount;
  }
}

const keyOf = (account: string, chain: Chain): string => `${chain}:${account}`;
