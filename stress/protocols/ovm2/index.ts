import { perChainAsync } from "../../engine/base/index.ts";
import type { Protocol } from "../protocol.ts";
import { ovmAddresses, pickAddresses } from "./addresses.ts";
import { readRollupFees } from "../fees.ts";
import { OvmBridge } from "./bridge.ts";
import { Contracts, requiredCode } from "./contracts.ts";
import { fundingShape, poolMinimum } from "./funding.ts";
import { OPERATIONS } from "./operations.ts";
import { poolBalance } from "./refill.ts";

/** The legacy protocol: an OVM 2 rollup's standard bridge, with the liquidity pools of the Boba network beside it. */
export const ovm2: Protocol<OvmBridge> = {
  name: "ovm2",
  operations: OPERATIONS,
  funding: fundingShape,
  readFees: () => readRollupFees,
  pick: pickAddresses,
  requiredCode: (addresses, chain) => requiredCode(ovmAddresses(addresses), chain),
  preparing: ({ nodes, addresses, funding }) =>
    perChainAsync(async (chain) => {
      const contracts = new Contracts(ovmAddresses(addresses));
      const missing = poolMinimum(funding) - (await poolBalance({ nodes, contracts }, chain));
      return { wei: missing > 0n ? missing : 0n, what: "the pool" };
    }),
  mostToPrepare: poolMinimum,
  open: (setup) => OvmBridge.open(setup),
};
