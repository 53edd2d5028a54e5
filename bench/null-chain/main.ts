// A null chain in a process of its own: its processor time is not the driver's. Told what to do by its argument, tells its parent where.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { Upstream } from "./accounts.ts";
import { NullChain } from "./null-chain.ts";

/** What a process is told. */
export interface NullChainTold {
  /** The chain that stands behind it. */
  readonly upstream: string;
  readonly blockTimeMs: number;
  readonly hasBlockReceipts: boolean;
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}

const told = JSON.parse(process.argv[2] ?? "{}") as NullChainTold;

const upstream: Upstream = async (method, params) => {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const headers = { "content-type": "application/json" };
  const response = await fetch(told.upstream, { method: "POST", headers, body });
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (error !== undefined) throw new Error(error.message);
  return result;
};

const chain = await NullChain.on(upstream);
chain.hasBlockReceipts = told.hasBlockReceipts;

async function reply({ id, method, params }: Call): Promise<object> {
  try {
    // The benchmark's own question: when the blocks of these transactions could first be asked for.
    const result =
      method === "bench_includedAt"
        ? (params ?? []).map((hash) => chain.includedAt(String(hash)) ?? null)
        : await chain.answer(method, params ?? []);
    return { jsonrpc: "2.0", id, result };
  } catch (error) {
    const { code = -32_000, message } = error as { code?: number; message: string };
    return { jsonrpc: "2.0", id, error: { code, message } };
  }
}

/** Calls of a batch that are carried out before others have a turn: a node has more than one thread for its clients. */
const IN_A_TURN = 10;

async function replyToAll(calls: readonly Call[]): Promise<readonly object[]> {
  const answers: object[] = [];
  for (let at = 0; at < calls.length; at += IN_A_TURN) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    answers.push(...(await Promise.all(calls.slice(at, at + IN_A_TURN).map(reply))));
  }
  return answers;
}

const server = createServer((request, response) => {
  void text(request).then(async (body) => {
    const message = JSON.parse(body) as Call | readonly Call[];
    const answer = Array.isArray(message)
      ? await replyToAll(message as readonly Call[])
      : await reply(message as Call);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
});
server.listen(0, "127.0.0.1", () => {
  setInterval(() => chain.mine(), told.blockTimeMs);
  process.send?.({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}` });
});
// It ends with its parent.
process.on("disconnect", () => process.exit(0));
