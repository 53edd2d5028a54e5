import { ABI } from "../../stress/protocols/ovm2/contracts.ts";
import { FakeChain, nodeError } from "./chain.ts";

/** What view functions of the pools answer, by name. */
export type Views = Readonly<Record<string, readonly unknown[]>>;

/** A chain whose contracts answer these view functions; whatever changes in them it answers from then on. */
export function answering(views: Views): FakeChain {
  const chain = new FakeChain();
  chain.answer("eth_call", (call) => {
    const { data } = call as { data: string };
    for (const abi of [ABI.L2LiquidityPool, ABI.L2BillingContract]) {
      const name = abi.getFunction(data.slice(0, 10))?.name;
      const values = name === undefined ? undefined : views[name];
      if (name !== undefined && values !== undefined) return abi.encodeFunctionResult(name, values);
    }
    throw nodeError("execution reverted");
  });
  return chain;
}
