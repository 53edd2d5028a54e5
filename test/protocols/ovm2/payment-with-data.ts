import { getAddress, hexlify, toUtf8Bytes } from "ethers";
import { wholeBelow } from "../../../stress/engine/base/index.ts";
import { paymentMoves } from "../../../stress/engine/transactions/index.ts";
import { oneStep } from "../../../stress/protocols/operation.ts";
import { defineOvmOperation } from "../../../stress/protocols/ovm2/operation.ts";

/** The part of the balance that is paid: a twentieth. */
const PART = 20n;

const GAS = 30_000n;

/** What goes along with each payment. */
export const DATA = hexlify(toUtf8Bytes("a payment with data"));

/** Payment of a twentieth of the balance to another random child, with data: its gas has to be estimated. */
export const paymentWithData = defineOvmOperation({
  code: "PD",
  name: "payment with data",
  from: "either",
  share: 10,

  ready: (child, run) => {
    if (run.children.length < 2) return "no other child";
    const amount = child.balance(child.on) / PART;
    return amount + run.feeBound(child.on, GAS) <= child.balance(child.on) ? undefined : "balance below fees";
  },

  steps: (child, run, draws) => {
    const others = run.children.filter((address) => address !== child.address);
    const to = others[wholeBelow(draws("payee"), others.length)] ?? run.funder;
    const value = child.balance(child.on) / PART;
    return oneStep({ chain: child.on, plan: { to, data: DATA, value, moves: paymentMoves(to, value) } });
  },

  movesOf: ({ to, data, value }) =>
    to === undefined || data !== DATA ? undefined : paymentMoves(getAddress(to), value),
});
