import type { Interface } from "ethers";
import type { Rpc } from "./rpc.ts";

/** Reads a contract's view function in the state of a block, by default the latest. */
export async function callContract(
  rpc: Rpc,
  abi: Interface,
  to: string,
  method: string,
  args: readonly unknown[] = [],
  block = "latest",
): Promise<readonly unknown[]> {
  const data = abi.encodeFunctionData(method, args);
  const answer = await rpc.send("eth_call", [{ to, data }, block]);
  return abi.decodeFunctionResult(method, String(answer)).toArray();
}
