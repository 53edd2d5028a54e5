import type { Interface } from "ethers";
import {
  type BlockTag,
  callContract,
  classifyRpcError,
  MalformedAnswer,
  type Node,
} from "../../engine/rpc/index.ts";

/**
 * What a view function answers; undefined where the contract has no such function, or reverts, or is none at all: which functions
 * a contract has tells what generation it is of.
 */
export async function ask(
  node: Pick<Node, "call">,
  abi: Interface,
  to: string,
  method: string,
  args: readonly unknown[] = [],
  block?: BlockTag,
): Promise<readonly unknown[] | undefined> {
  try {
    return await callContract(node, abi, to, method, args, block);
  } catch (error) {
    // An address without code, and a fallback function, return nothing that decodes.
    if (error instanceof MalformedAnswer || classifyRpcError(error) === "reverted") return undefined;
    throw error;
  }
}

/** The same of a function that answers one number, or an enumeration. */
export async function askNumber(...asked: Parameters<typeof ask>): Promise<bigint | undefined> {
  const answer = await ask(...asked);
  return answer === undefined ? undefined : BigInt(String(answer[0]));
}

/** The same of a function that answers an address, bytes or a text. */
export async function askText(...asked: Parameters<typeof ask>): Promise<string | undefined> {
  const answer = await ask(...asked);
  return answer === undefined ? undefined : String(answer[0]);
}

/** The same of a function that answers yes or no: what it has not is no. */
export async function askWhether(...asked: Parameters<typeof ask>): Promise<boolean> {
  return (await ask(...asked))?.[0] === true;
}
