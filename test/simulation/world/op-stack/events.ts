import type { Interface } from "ethers";
import type { FakeLog } from "../../../fakes/chain.ts";

/** An event that a contract emits. */
export function logOf(address: string, abi: Interface, event: string, args: readonly unknown[]): FakeLog {
  const fragment = abi.getEvent(event);
  if (fragment === null) throw new Error(`the ABI has no event ${event}`);
  return { address, ...abi.encodeEventLog(fragment, args) };
}
