/** The asset that every chain has: wei in an account's own hands. */
export const BALANCE = "balance";

/** What an account owns on one chain: amounts by asset, in the asset's smallest units. What is not named is 0. */
export type Holding = Readonly<Record<string, bigint>>;

export const NOTHING: Holding = {};

/** How much of an asset is in a holding. */
export const amountOf = (holding: Holding, asset: string): bigint => holding[asset] ?? 0n;

export function add(a: Holding, b: Holding): Holding {
  const sum: Record<string, bigint> = { ...a };
  for (const asset in b) sum[asset] = (sum[asset] ?? 0n) + (b[asset] ?? 0n);
  return sum;
}

export function subtract(a: Holding, b: Holding): Holding {
  const rest: Record<string, bigint> = { ...a };
  for (const asset in b) rest[asset] = (rest[asset] ?? 0n) - (b[asset] ?? 0n);
  return rest;
}

export const isNothing = (holding: Holding): boolean =>
  Object.values(holding).every((amount) => amount === 0n);

export const isSame = (a: Holding, b: Holding): boolean => isNothing(subtract(a, b));
