/** What an account owns on one chain: wei in its hands, wei in the chain's pool, and fee tokens (on L2 only). */
export interface Holding {
  readonly balance: bigint;
  readonly stake: bigint;
  readonly tokens: bigint;
}

export const NOTHING: Holding = { balance: 0n, stake: 0n, tokens: 0n };

export const add = (a: Holding, b: Holding): Holding => ({
  balance: a.balance + b.balance,
  stake: a.stake + b.stake,
  tokens: a.tokens + b.tokens,
});

export const subtract = (a: Holding, b: Holding): Holding => ({
  balance: a.balance - b.balance,
  stake: a.stake - b.stake,
  tokens: a.tokens - b.tokens,
});

export const isSame = (a: Holding, b: Holding): boolean =>
  a.balance === b.balance && a.stake === b.stake && a.tokens === b.tokens;
