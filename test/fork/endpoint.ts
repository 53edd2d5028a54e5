import { openNode, type TestNode, type WireCall } from "../fakes/json-rpc-server.ts";
import { Upstream } from "../proxy/upstream.ts";

/** An endpoint before a real node that answers some calls itself: with a result, or with an error. */
export async function openEndpoint(
  upstream: string,
  instead: (call: WireCall) => { result: unknown } | { error: object } | undefined,
): Promise<TestNode> {
  const real = new Upstream(upstream);
  return openNode({
    http: (calls, response) => {
      const answered = calls.map(async (call) => {
        const own = instead(call);
        if (own !== undefined) return { jsonrpc: "2.0", id: call.id, ...own };
        return (await real.forward([call]))[0];
      });
      void Promise.all(answered).then((answers) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(answers.length === 1 ? answers[0] : answers));
      });
    },
  });
}

/** What reads an account's state, with the place of the block among its parameters. */
const STATE_AT: Readonly<Record<string, number>> = {
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_call: 1,
  eth_getStorageAt: 2,
};

/** Answers as geth does that has pruned the state of all blocks but the newest. */
export function pruned({ method, params }: WireCall): { error: object } | undefined {
  const at = STATE_AT[method];
  if (at === undefined || params[at] === "latest") return undefined;
  const message = "missing trie node 7f1c5a (path ) state 0x7f1c5a is not available, not found";
  return { error: { code: -32_000, message } };
}
