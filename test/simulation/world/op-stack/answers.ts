import type { Interface } from "ethers";
import { parseCall } from "../calls.ts";
import { RpcError } from "../rpc.ts";

/** What a contract answers, by its functions' names, or by their signatures where a name has several. */
export type Answers = Readonly<Record<string, (...args: readonly string[]) => readonly unknown[]>>;

export const reverted = (): RpcError => new RpcError("execution reverted", 3);

/** Answers a call by one of a contract's ABIs. @throws {RpcError} where there is no such function, or no answer: it reverts */
export function answered(abis: readonly Interface[], data: string, answers: Answers): string {
  for (const abi of abis) {
    const call = parseCall(abi, data);
    const answer = call && (answers[call.fragment.format()] ?? answers[call.name]);
    if (call !== undefined && answer !== undefined)
      return abi.encodeFunctionResult(call.fragment, answer(...call.args.toArray().map(String)));
  }
  throw reverted();
}
