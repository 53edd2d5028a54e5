import { TRANSFER_GAS, wholeBelow } from "../engine/base/index.ts";
import { transfer } from "../engine/transactions/index.ts";
import { defineOperation } from "./operation.ts";

/** The part of the balance that is paid: a tenth. */
const PART = 10n;

/** The payment is less by up to this much, so that no two are alike. Wei. */
const JITTER = 65_536;

/** Payment of about a tenth of the balance to another random child. It needs no bridge: every protocol has it. */
export const payment = defineOperation({
  code: "PY",
  name: "payment",
  from: "either",
  share: "rest",
  takesAmount: true,
  mayOverlap: true,

  ready: (child, run, wanted) => {
    if (run.children.length < 2) return "no other child";
    const amount = wanted?.amount ?? child.balance(child.on) / PART;
    return amount + run.feeBound(child.on, TRANSFER_GAS) <= child.balance(child.on)
      ? undefined
      : "balance below fees";
  },

  async *steps(child, run, draws, wanted) {
    const drawn = wholeBelow(draws("payee"), run.children.length - 1);
    // The child's own place is left out; a further one on its account has that place, too.
    const own = child.number % run.children.length;
    const to = run.children[drawn < own ? drawn : drawn + 1] ?? run.funder;
    const chosen = child.balance(child.on) / PART - BigInt(wholeBelow(draws("jitter"), JITTER));
    const amount = wanted?.amount ?? chosen;
    yield { kind: "send", chain: child.on, plan: transfer(to, amount > 0n ? amount : 0n) };
  },
});
