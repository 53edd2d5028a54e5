import { JsonRpcProvider } from "ethers";
import { z } from "zod";
import { localStacks } from "../../../fixtures/local-stack/index.ts";
import { type SpawnedStack, spawnStack } from "../../../fixtures/local-stack/spawn.ts";
import { type PerChain, perChain } from "../../../stress/engine/base/chain.ts";

const l1Contracts = z.record(z.string(), z.string());

/** A local OP Stack that is quick enough for tests. */
export interface OpBed {
  readonly spawned: SpawnedStack;
  readonly urls: PerChain<string>;
  readonly providers: PerChain<JsonRpcProvider>;
  /** A contract of L1 by its name on the stack's page; undefined where the generation has none. */
  find(name: string): string | undefined;
  /** The same of one that there must be. */
  at(name: string): string;
  close(): Promise<void>;
}

type Settings = Parameters<(typeof localStacks)["op-stack"]["settings"]["parse"]>[0];

/** Starts a local OP Stack on free ports. L1's clock runs ahead where its blocks are shorter than a second. */
export async function openOpBed(settings: Settings = {}): Promise<OpBed> {
  const quick = { l1BlockTime: 300, l2BlockTime: 100, ...(settings as object) };
  const parsed = localStacks["op-stack"].settings.parse(quick);
  const spawned = await spawnStack("op-stack", parsed, { l1: 0, l2: 0, addresses: 0 });
  const { l1, l2, addresses } = spawned.description;
  const page = await fetch(`${addresses}/l1-contracts.json`);
  const contracts = l1Contracts.parse(await page.json());
  const options = { cacheTimeout: -1, staticNetwork: true, pollingInterval: 50 };
  const urls = { 1: l1, 2: l2 };
  const providers = perChain((chain) => new JsonRpcProvider(urls[chain], undefined, options));
  return {
    spawned,
    urls,
    providers,
    find: (name) => contracts[name],
    at: (name) => {
      const address = contracts[name];
      if (address === undefined) throw new Error(`the stack tells of no ${name}`);
      return address;
    },
    close: async () => {
      for (const chain of [1, 2] as const) providers[chain].destroy();
      await spawned.close();
    },
  };
}
