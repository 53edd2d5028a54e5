import type { Interface } from "ethers";
import type { PerChain } from "../../engine/base/index.ts";
import type { Node } from "../../engine/rpc/index.ts";
import type { AddressBook } from "../protocol.ts";
import { askText } from "./ask.ts";
import { ABI } from "./contracts.ts";

/** What contracts are that only a target's list tells: an address that was mistaken is told before a wei moves. */
export async function listedMistakes(
  nodes: PerChain<Pick<Node, "call">>,
  { l1Teleportation, l2Teleportation, l1Token, l2Token }: AddressBook,
): Promise<string[]> {
  const ask = (node: Pick<Node, "call">, abi: Interface, at: string | undefined, method: string) =>
    at === undefined ? undefined : askText(node, abi, at, method);
  const [onL1, onL2, twinOf] = await Promise.all([
    ask(nodes[1], ABI.Teleportation, l1Teleportation, "disburser"),
    ask(nodes[2], ABI.Teleportation, l2Teleportation, "disburser"),
    ask(nodes[2], ABI.OptimismMintableERC20, l2Token, "l1Token"),
  ]);
  const mistake = (is: boolean, words: string): string[] => (is ? [words] : []);
  return [
    ...mistake(
      l1Teleportation !== undefined && onL1 === undefined,
      `Proxy__L1Teleportation ${l1Teleportation} is no fast bridge on L1`,
    ),
    ...mistake(
      l2Teleportation !== undefined && onL2 === undefined,
      `Proxy__L2Teleportation ${l2Teleportation} is no fast bridge on L2`,
    ),
    ...mistake(
      l2Token !== undefined && twinOf !== l1Token,
      twinOf === undefined
        ? `L2ERC20 ${l2Token} is no token that the standard bridge mints`
        : `L2ERC20 ${l2Token} is the twin of ${twinOf}, and L1ERC20 is ${l1Token}`,
    ),
  ];
}
