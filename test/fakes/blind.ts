import { AbiCoder } from "ethers";
import { ABI } from "../../stress/protocols/ovm2/contracts.ts";
import type { FakeChain } from "./chain.ts";
import { idOf } from "./events.ts";

type Json = Readonly<Record<string, unknown>>;

/** Contracts that say of these messages, and of no others, that they arrived. */
export function arrived(chain: FakeChain, ...numbers: readonly number[]): void {
  const known: ReadonlySet<string> = new Set(numbers.map(idOf));
  chain.answer("eth_call", (call, ...others) => {
    const { data } = call as { data: string };
    const parsed = ABI.CrossDomainMessenger.parseTransaction({ data });
    if (parsed?.name !== "successfulMessages") return chain.real("eth_call", [call, ...others]);
    return AbiCoder.defaultAbiCoder().encode(["bool"], [known.has(String(parsed.args[0]))]);
  });
}

/** A node that tells no events of its newest blocks, and whose headers have no blooms that would contradict it. */
export function hidesEvents(chain: FakeChain): void {
  chain.answer("eth_getBlockByNumber", (...params) => {
    const block = chain.real("eth_getBlockByNumber", params) as Json | null;
    return block && { ...block, logsBloom: undefined };
  });
  chain.answer("eth_getBlockReceipts", (...params) =>
    (chain.real("eth_getBlockReceipts", params) as Json[]).map((one) => ({ ...one, logs: [] })),
  );
}

/** It tells them from now on. */
export function showsEvents(chain: FakeChain): void {
  for (const method of ["eth_getBlockByNumber", "eth_getBlockReceipts"]) chain.unanswer(method);
}
