import type { Interface } from "ethers";
import type { Rpc } from "./rpc.ts";

/** Reads a contract's view function at the latest block. */
export async function callContract(
  rpc: Rpc,
  abi: Interface,
  to: string,
  method: string,
  args: readonly unknown[] = [],
): Promise<readonly unknown[]> {
  const data = abi.encodeFunctionData(method, args);
  const answer = await rpc.send("eth_call", [{ to, data }, "latest"]);
  return abi.decodeFunctionResult(method, String(answer)).toArray();
}
