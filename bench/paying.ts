import type { StackDescription } from "../fixtures/local-stack/description.ts";
import type { DriverTold } from "./driver/told.ts";

/** What a driver is told that does nothing but have children pay each other on L2. */
export const payingOn = ({
  l1,
  l2,
  addresses,
  chainIds,
}: StackDescription): Omit<DriverTold, "children" | "durationMs" | "seed"> => ({
  protocol: "ovm2",
  endpoints: [l1, l2],
  chainIds,
  addresses,
  shares: { 1: { SO: 0, FO: 0, AL: 0, RL: 0 }, 2: { SX: 0, FX: 0, AL: 0, RL: 0 } },
  startChain: 2,
  // Nothing goes through the pools.
  funding: { poolMinimumEth: 0 },
});
