import { openNode, type TestNode, type WireCall } from "../fakes/json-rpc-server.ts";
import { Upstream } from "../proxy/upstream.ts";

/** An endpoint before a real node: it answers as `answer` does, which gets the real one where it asks for it. */
async function openBefore(
  upstream: string,
  answer: (call: WireCall, real: () => Promise<object>) => Promise<object>,
): Promise<TestNode> {
  const node = new Upstream(upstream);
  return openNode({
    http: (calls, response) => {
      const answered = calls.map(async (call) => {
        const real = async (): Promise<object> => (await node.forward([call]))[0] ?? {};
        return { ...(await answer(call, real)), jsonrpc: "2.0", id: call.id };
      });
      Promise.all(answered).then(
        (answers) => {
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify(answers.length === 1 ? answers[0] : answers));
        },
        // The real node is gone: so is this one.
        () => response.destroy(),
      );
    },
  });
}

/** An endpoint before a real node that answers some calls itself: with a result, or with an error. */
export const openEndpoint = (
  upstream: string,
  instead: (call: WireCall) => { result: unknown } | { error: object } | undefined,
): Promise<TestNode> => openBefore(upstream, async (call, real) => instead(call) ?? real());

/** An endpoint before a real node whose results are changed. */
export const openChangedEndpoint = (
  upstream: string,
  changed: (call: WireCall, result: unknown) => unknown,
): Promise<TestNode> =>
  openBefore(upstream, async (call, real) => {
    const answer = await real();
    return "result" in answer ? { ...answer, result: changed(call, answer.result) } : answer;
  });

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
