import { toQuantity } from "ethers";
import type { Performed } from "../../stress/engine/events.ts";
import type { DrivenChild } from "../../stress/engine/run/index.ts";
import { underFaults } from "../local-stack/faults/under-faults.ts";
import { until } from "../local-stack/faults/until.ts";
import type { TestBed } from "./running.ts";

async function l1Pool(bed: TestBed): Promise<string> {
  const page = await fetch(`${bed.spawned.description.addresses}/boba-addr.json`);
  return ((await page.json()) as { Proxy__L1LiquidityPool: string }).Proxy__L1LiquidityPool;
}

/** A fast exit whose money the L1 pool does not have any more when it is to be paid out. */
export async function unpaidExit(
  bed: TestBed,
  child: DrivenChild | undefined,
): Promise<Performed | undefined> {
  const pool = await l1Pool(bed);
  const held = await bed.providers[1].getBalance(pool);
  let performing: Promise<Performed> | undefined;
  // Nobody relays it before the pool is empty.
  await underFaults(bed, [{ fault: "stop service", service: "fast relayer" }], async () => {
    performing = child?.perform("FX");
    await until("submitted exit", async () => (child?.on === 1 ? true : undefined));
    await bed.providers[1].send("hardhat_setBalance", [pool, "0x0"]);
  });
  const performed = await performing;
  await bed.providers[1].send("hardhat_setBalance", [pool, toQuantity(held)]);
  // The run reads what the pool has in a block's state: it is not to give back before one has it, which it has read, too.
  const set = await bed.providers[1].getBlockNumber();
  await until(
    "blocks that have it",
    async () => (await bed.providers[1].getBlockNumber()) > set + 2 || undefined,
  );
  return performed;
}
