import type { Call } from "./kinds.ts";

/** An answer of the node. */
export type Answer = Readonly<Record<string, unknown>> & { readonly id?: unknown };

/** Asks the node something of the proxy's own. */
export type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Where a method's block stands among its parameters. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  eth_getBlockByNumber: 0,
  eth_getBlockReceipts: 0,
  eth_getBalance: 1,
  eth_getTransactionCount: 1,
  eth_getCode: 1,
  eth_call: 1,
};

/** Answers to calls as a node gives them that has no block above `head` yet. */
export async function asOfNodeBehind(
  calls: readonly Call[],
  answers: readonly Answer[],
  head: number,
  ask: Ask,
): Promise<Answer[]> {
  const byId = new Map(calls.map((call) => [call.id as unknown, call]));
  return Promise.all(
    answers.map(async (answer) => {
      const call = byId.get(answer.id);
      return call === undefined ? answer : behind(call, answer, head, ask);
    }),
  );
}

async function behind({ method, params }: Call, answer: Answer, head: number, ask: Ask): Promise<Answer> {
  const isAbove = (block: unknown): boolean =>
    typeof block === "string" && /^0x[0-9a-f]{1,12}$/i.test(block) && Number(block) > head;
  const unknown = { jsonrpc: "2.0", id: answer.id, error: { code: -32_000, message: "header not found" } };
  if (method === "eth_blockNumber") return { ...answer, result: `0x${head.toString(16)}` };
  if (method === "eth_getTransactionReceipt") {
    const { blockNumber } = (answer["result"] ?? {}) as { blockNumber?: unknown };
    return isAbove(blockNumber) ? { ...answer, result: null } : answer;
  }
  if (method === "eth_getLogs") {
    const { blockHash } = (params[0] ?? {}) as { blockHash?: unknown };
    if (blockHash === undefined) return answer;
    const block = (await ask("eth_getBlockByHash", [blockHash, false])) as { number?: unknown } | null;
    return isAbove(block?.number) ? unknown : answer;
  }
  const at = BLOCK_PARAMETER[method];
  if (at === undefined || !isAbove(params[at])) return answer;
  return at === 0 ? { jsonrpc: "2.0", id: answer.id, result: null } : unknown;
}
