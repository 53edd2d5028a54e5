import { dataSlice, id, Interface, toQuantity } from "ethers";
import type { BlockService } from "../../../fixtures/local-stack/block-producer.ts";
import type { LocalChain } from "../../../fixtures/local-stack/chains.ts";
import { PREDEPLOYS } from "../../../fixtures/local-stack/op-stack/predeploys.ts";

const PASSER = PREDEPLOYS.messagePasser;

const passer = new Interface([
  "function initiateWithdrawal(address target, uint256 gasLimit, bytes data) payable",
]);

const MESSAGE_PASSED = id("MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)");

/** Mines a block with so many withdrawals, and tells a service of it. @returns their hashes */
export async function withdrawOn(
  l2: LocalChain,
  from: string,
  service: BlockService,
  count: number,
): Promise<readonly string[]> {
  for (let at = 0; at < count; at++) {
    const data = passer.encodeFunctionData("initiateWithdrawal", [from, 100_000n, "0x"]);
    const call = { from, to: PASSER, data, value: "0x1", gas: toQuantity(300_000) };
    await l2.provider.request({ method: "eth_sendTransaction", params: [call] });
  }
  await l2.helpers.mine(1);
  const block = await l2.helpers.time.latestBlock();
  await service.afterBlock?.(block);
  const logs = await l2.ethers.getLogs({ address: PASSER, topics: [MESSAGE_PASSED], fromBlock: block });
  return logs.map(({ data }) => dataSlice(data, 3 * 32, 4 * 32));
}
