import type { Protocol } from "../protocol.ts";
import { opStackAddresses, pickAddresses } from "./addresses.ts";
import { OpStackBridge } from "./bridge.ts";
import { requiredCode } from "./contracts.ts";
import { discover } from "./discover.ts";
import { readFees } from "./fees.ts";
import { gasMoney } from "./gas.ts";
import { OPERATIONS } from "./operations.ts";

/** The OP Stack: an optimistic rollup with its standard bridge, as today's networks have it. */
export const opStack: Protocol<OpStackBridge> = {
  name: "op-stack",
  operations: OPERATIONS,
  funding: {},
  mayPreconfirm: true,
  readFees: (chain) => (chain === 1 ? () => [] : readFees),
  pick: pickAddresses,
  discover,
  requiredCode: (addresses, chain) => requiredCode(opStackAddresses(addresses), chain),
  // What each child gets to prove and finalise a withdrawal with.
  preparing: async ({ nodes, children }) => ({
    1: { wei: BigInt(children) * gasMoney(await nodes[1].gasPrice()), what: "the gas of their withdrawals" },
    2: { wei: 0n, what: "the bridge" },
  }),
  mostToPrepare: () => 0n,
  open: (setup) => OpStackBridge.open(setup),
};
