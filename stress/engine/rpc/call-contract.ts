import type { Interface } from "ethers";
import { MalformedAnswer } from "./errors.ts";
import type { BlockTag, Node } from "./node.ts";

/**
 * Reads a contract's view function in the state of a block, by default of the newest that the node's reader knows.
 *
 * @throws {MalformedAnswer} where what it returns is not what the ABI says: an address without code returns nothing
 */
export async function callContract(
  node: Pick<Node, "call">,
  abi: Interface,
  to: string,
  method: string,
  args: readonly unknown[] = [],
  block?: BlockTag,
): Promise<readonly unknown[]> {
  const answer = await node.call(to, abi.encodeFunctionData(method, args), block);
  try {
    return abi.decodeFunctionResult(method, answer).toArray();
  } catch (error) {
    // The ABI has the method, as its arguments were encoded: what does not decode is the answer. ethers says so in several
    // ways, some of them only when a value is taken.
    throw new MalformedAnswer(
      `${method} of ${to} returned ${answer.length / 2 - 1} bytes that do not decode`,
      { cause: error },
    );
  }
}
