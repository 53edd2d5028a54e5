import type { Chain } from "../../../stress/engine/base/chain.ts";
import type { TestBed } from "../../run/running.ts";
import { until } from "./until.ts";

/** Waits for as many blocks of a chain. */
export async function blocks({ providers }: TestBed, chain: Chain, count: number): Promise<void> {
  const head = await providers[chain].getBlockNumber();
  await until(`${count} blocks of L${chain}`, async () =>
    (await providers[chain].getBlockNumber()) >= head + count ? true : undefined,
  );
}
