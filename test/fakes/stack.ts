import type { Stack } from "../../fixtures/stack/stack.ts";
import { perChain } from "../../stress/engine/base/chain.ts";

/** A stack's chains at two endpoints that nobody asks anything. */
export const stackAt = (l1: string, l2: string): Pick<Stack, "chains"> => ({
  chains: perChain((chain) => ({
    endpoints: [chain === 1 ? l1 : l2],
    chainId: undefined,
    confirmations: 0,
    gasMultiplier: 1,
    batchGasPriceGwei: undefined,
  })),
});
