/** One of the two chains of a target: 1 is L1, 2 is L2, in code and logs alike. */
export type Chain = 1 | 2;

export const CHAINS: readonly Chain[] = [1, 2];

/** One value for each chain. */
export type PerChain<T> = { readonly [C in Chain]: T };

/** The chain on the other side of the bridge. */
export const otherChain = (chain: Chain): Chain => (chain === 1 ? 2 : 1);

/** The same thing made once for each chain. */
export const perChain = <T>(make: (chain: Chain) => T): PerChain<T> => ({ 1: make(1), 2: make(2) });

/** Does the same for both chains at once and waits for both. */
export async function perChainAsync<T>(make: (chain: Chain) => Promise<T>): Promise<PerChain<T>> {
  const [first, second] = await Promise.all([make(1), make(2)]);
  return { 1: first, 2: second };
}
