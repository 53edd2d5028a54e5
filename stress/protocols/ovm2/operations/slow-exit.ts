import { ABI } from "../contracts.ts";
import { PREDEPLOYS } from "../predeploys.ts";
import { allButReserve, nothingToCross } from "../../amounts.ts";
import { defineOperation } from "../../operation.ts";

const GAS = 220_000n;

/** Data that goes along, as the predecessor sent it; nothing reads it. */
const EXTRA_DATA = "0x41424344";

/** Withdrawal through the L2 standard bridge, paid out on L1 after the fraud-proof window. */
export const slowExit = defineOperation({
  code: "SX",
  name: "slow exit",
  from: 2,
  to: 1,

  ready: (child, net) => {
    if (!net.mayLeaveL2()) return "one in five stays on L2";
    return nothingToCross(allButReserve(child, net, 2, GAS));
  },

  build: (child, net) => {
    const amount = allButReserve(child, net, 2, GAS);
    // The bridge burns the amount: the transaction itself carries no value. The third argument, L1 gas, is unused.
    const call = [PREDEPLOYS.eth, amount, 0, EXTRA_DATA];
    const data = ABI.L2StandardBridge.encodeFunctionData("withdraw", call);
    return { to: net.contracts.bridge[2], data, value: 0n, movement: { kind: "crossing", amount } };
  },

  payout: { contract: "L1StandardBridge", event: "ETHWithdrawalFinalized", to: "_to", amount: "_amount" },
});
