import { type LocalChain, startChains } from "../../../fixtures/local-stack/chains.ts";
import type { PerChain } from "../../../stress/engine/base/chain.ts";
import { Node, NodeError, Traffic } from "../../../stress/engine/rpc/index.ts";

/** Two Hardhat chains without anything on them, for what is deployed and served by hand. */
export const openTwoChains = (): Promise<PerChain<LocalChain>> => startChains({});

/** An in-process chain as the engine asks it. */
export function nodeOf({ provider, chain }: LocalChain): Node {
  const name = `in-process://l${chain}`;
  return new Node({
    name,
    names: [name],
    traffic: new Traffic([name]),
    send: async (method, params) => {
      try {
        return await provider.request({ method, params });
      } catch (error) {
        // As a node's word arrives over the wire.
        throw new NodeError({
          code: -32_000,
          message: error instanceof Error ? error.message : String(error),
        });
      }
    },
    close: async () => undefined,
  });
}
