import { localStacks } from "../../../fixtures/local-stack/index.ts";
import type { Stack } from "../../../fixtures/stack/stack.ts";
import { perChain } from "../../../stress/engine/base/chain.ts";
import { parseTarget } from "../../../targets/load.ts";
import type { Target } from "../../../targets/target.ts";
import { type OpBed, openOpBed } from "../../local-stack/op-stack/op-bed.ts";
import type { TestBed } from "../../run/running.ts";

/** A local OP Stack that is quick enough for tests, and what a run needs around it. */
export interface OpTestBed extends TestBed {
  readonly op: OpBed;
}

type Settings = Parameters<(typeof localStacks)["op-stack"]["settings"]["parse"]>[0];

/** Starts a local OP Stack on free ports. */
export async function openOpTestBed(settings: Settings = {}): Promise<OpTestBed> {
  const op = await openOpBed(settings);
  const { spawned, providers, urls } = op;
  const stack: Stack = {
    chains: perChain((chain) => ({
      endpoints: [urls[chain]],
      chainId: spawned.description.chainIds[chain - 1],
      confirmations: 0,
      gasMultiplier: 1.2,
      batchGasPriceGwei: undefined,
    })),
    addresses: { from: "server", url: spawned.description.addresses },
    origin: "a test's own stack",
  };
  return { op, stack, spawned, providers, close: () => op.close() };
}

/** The target `local-op`, with what a test changes about it. */
export const opTarget = (changes: Record<string, unknown> = {}): Target =>
  parseTarget(
    JSON.stringify({ name: "local-op", protocol: "op-stack", stack: {}, ...changes }),
    "local-op.json",
    {},
  );
