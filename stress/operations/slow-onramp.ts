import { ABI } from "../engine/contracts.ts";
import { allButReserve, nothingToCross } from "./amounts.ts";
import { defineOperation } from "./operation.ts";

const GAS = 480_000n;

/** L2 gas limit of the deposit's message, as the predecessor set it: less can fail on L2 without a trace. */
export const DEPOSIT_L2_GAS = 8_000_000;

/** Deposit through the L1 standard bridge. */
export const slowOnramp = defineOperation({
  code: "SO",
  name: "slow onramp",
  from: 1,
  to: 2,

  ready: (child, net) => nothingToCross(allButReserve(child, net, 1, GAS)),

  build: (child, net) => {
    const amount = allButReserve(child, net, 1, GAS);
    const data = ABI.L1StandardBridge.encodeFunctionData("depositETH", [DEPOSIT_L2_GAS, "0x"]);
    return { to: net.contracts.bridge[1], data, value: amount, movement: { kind: "crossing", amount } };
  },

  payout: { contract: "L2StandardBridge", event: "DepositFinalized", to: "_to", amount: "_amount" },
});
