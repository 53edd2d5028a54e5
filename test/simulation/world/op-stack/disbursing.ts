import type { Hazards } from "../hazards.ts";
import type { Service } from "../service.ts";
import { AT, DISBURSER } from "./contracts.ts";
import { disburse, disburseAgain } from "./fast-bridge.ts";
import type { OpState } from "./state.ts";

/**
 * Pays out what is deposited in the fast bridge of the other chain, in its order, and tries again what an account refused.
 *
 * @param settled the other chain's state that nothing takes back any more
 */
export function disbursing(
  state: OpState,
  settled: OpState | undefined,
  { strike }: Pick<Hazards, "strike">,
): Service<OpState>[] {
  const { chain, fastPaid, fastStuck } = state;
  const call = { from: DISBURSER, to: AT.fastBridge[chain], value: 0n, data: "0x" };
  const again = [...fastStuck.keys()].map(
    (number): Service<OpState> => ({
      label: `disbursement ${number} again`,
      call,
      run: (now) => disburseAgain(now, number),
    }),
  );
  const due = (settled?.fastDeposits ?? []).slice(fastPaid).map((deposit, at): Service<OpState> => {
    const number = fastPaid + at;
    const fails = strike("refusedPayouts") !== undefined;
    return { label: `disbursement ${number}`, call, run: (now) => disburse(now, number, deposit, fails) };
  });
  return [...again, ...due];
}
