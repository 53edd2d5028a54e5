import { wholeBelow } from "../../../stress/engine/base/index.ts";
import { paymentMoves } from "../../../stress/engine/transactions/index.ts";
import { defineOvmOperation } from "../../../stress/protocols/ovm2/operation.ts";

const GAS = 60_000n;

/** Payment of a hundredth of the balance to another child, with some data that nobody reads. */
export const paymentWithData = defineOvmOperation({
  code: "PD",
  name: "payment with data",
  from: "either",
  share: 10,

  ready: (child, run) =>
    child.balance(child.on) / 2n >= run.feeBound(child.on, GAS) ? undefined : "balance below fees",

  async *steps(child, run, draws) {
    const others = run.children.filter((address) => address !== child.address);
    const to = others[wholeBelow(draws("payee"), others.length)] ?? run.funder;
    const value = child.balance(child.on) / 100n;
    const plan = { to, data: "0x010203", value, moves: paymentMoves(to, value) };
    yield { kind: "send", chain: child.on, plan };
  },
});
