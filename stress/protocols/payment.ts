import { wholeBelow } from "../engine/base/random.ts";
import { TRANSFER_GAS } from "../engine/transactions/submitter.ts";
import { defineOperation } from "./operation.ts";

/** The part of the balance that is paid: a tenth. */
const PART = 10n;

/** The payment is less by up to this much, so that no two are alike. Wei. */
const JITTER = 65_536;

/** Payment of about a tenth of the balance to another random child. */
export const payment = defineOperation({
  code: "PY",
  name: "payment",
  from: "either",

  ready: (child, net) => {
    if (net.children.length < 2) return "no other child";
    const amount = child.balance(child.on) / PART;
    return amount + net.feeBound(child.on, TRANSFER_GAS) <= child.balance(child.on)
      ? undefined
      : "balance below fees";
  },

  build: (child, net, draws) => {
    const drawn = wholeBelow(draws("payee"), net.children.length - 1);
    // The child's own place is left out.
    const to = net.children[drawn < child.number ? drawn : drawn + 1] ?? net.funder;
    const amount = child.balance(child.on) / PART - BigInt(wholeBelow(draws("jitter"), JITTER));
    const value = amount > 0n ? amount : 0n;
    return { to, data: "0x", value, gas: TRANSFER_GAS, movement: { kind: "payment", to, amount: value } };
  },
});
