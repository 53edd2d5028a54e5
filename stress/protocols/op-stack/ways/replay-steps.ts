import type { Chain, PerChain } from "../../../engine/base/index.ts";
import type { Node } from "../../../engine/rpc/index.ts";
import type { Steps } from "../../operation.ts";
import { askWhether } from "../ask.ts";
import { replay } from "../calls.ts";
import { ABI, type Contracts } from "../contracts.ts";
import { type CrossDomainMessage, messageId } from "../messages.ts";

/** What a message is carried out once more with. */
export interface ReplaySources {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
}

/**
 * Waits until a message has arrived on a chain, and has it carried out once more where it failed there: what a run that was killed
 * cannot do any more.
 */
export async function* replaySteps(
  { nodes, contracts }: ReplaySources,
  chain: Chain,
  message: CrossDomainMessage,
): Steps {
  const id = messageId(message);
  const is = (method: string, block: number): Promise<boolean> =>
    askWhether(nodes[chain], ABI.CrossDomainMessenger, contracts.messenger[chain], method, [id], block);
  let hasFailed = false;
  yield {
    kind: "wait",
    chain,
    what: "arrival",
    isMet: async (block) => {
      hasFailed = !(await is("successfulMessages", block)) && (await is("failedMessages", block));
      return hasFailed || (await is("successfulMessages", block));
    },
  };
  if (!hasFailed) return;
  const plan = await replay(nodes, contracts, { id, chain, message });
  yield { kind: "send", chain, plan, what: "replay", note: { name: "replay", values: { message: id } } };
}
