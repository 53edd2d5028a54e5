import { setTimeout as sleep } from "node:timers/promises";
import { FetchRequest, JsonRpcProvider, Network } from "ethers";

/** A chain's JSON-RPC endpoint. Calls made together travel together, as one batch. */
export interface Rpc {
  /** The endpoint without credentials or path: fit for messages. */
  readonly name: string;
  send(method: string, params: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Milliseconds a request may take before it counts as failed. */
const TIMEOUT_MS = 30_000;

/** How long a call waits for others to share its HTTP request, in milliseconds. */
const BATCH_STALL_MS = 1;

/** Scheme and host of an endpoint: its path or query may hold a project's secret. */
export function endpointName(endpoint: string): string {
  const { protocol, host } = new URL(endpoint);
  return `${protocol}//${host}`;
}

/**
 * Opens an endpoint. Nothing is sent yet.
 *
 * @param chainId undefined where it is not known yet; only the labels in ethers' errors depend on it
 */
export function openRpc(endpoint: string, chainId?: bigint): Rpc {
  const network = Network.from(chainId ?? 0n);
  const request = new FetchRequest(endpoint);
  request.timeout = TIMEOUT_MS;
  const provider = new JsonRpcProvider(request, network, {
    staticNetwork: network,
    batchStallTime: BATCH_STALL_MS,
  });
  return {
    name: endpointName(endpoint),
    send: (method, params) => provider.send(method, [...params]),
    close: async () => provider.destroy(),
  };
}

/** Attempts at a request that has no effect, and the pause before the first repetition in milliseconds. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;

/** The same endpoint, asked again where it does not answer or is busy. For requests that change nothing. */
export const patient = (rpc: Rpc): Rpc => ({
  name: rpc.name,
  close: () => rpc.close(),
  send: async (method, params) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await rpc.send(method, params);
      } catch (error) {
        if (!isPassing(classifyRpcError(error)) || attempt === ATTEMPTS) throw error;
        await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  },
});

/** Whether a failure says nothing of the request itself, so that asking again makes sense. */
export const isPassing = (failure: RpcFailure): boolean => failure === "no answer" || failure === "busy";

/** What an endpoint's error means for a transaction. */
export type RpcFailure =
  | "already known"
  | "nonce too low"
  | "insufficient funds"
  | "fee too low"
  | "reverted"
  /** The answer is missing or makes no sense: the request may or may not have had its effect. */
  | "no answer"
  /** The node is overloaded, or limits its clients: later it may answer. */
  | "busy"
  /** The node refused for another reason. */
  | "refused";

const BY_ETHERS_CODE: Readonly<Record<string, RpcFailure>> = {
  NONCE_EXPIRED: "nonce too low",
  INSUFFICIENT_FUNDS: "insufficient funds",
  REPLACEMENT_UNDERPRICED: "fee too low",
  CALL_EXCEPTION: "reverted",
  UNSUPPORTED_OPERATION: "refused",
  TIMEOUT: "no answer",
  SERVER_ERROR: "no answer",
  NETWORK_ERROR: "no answer",
  BAD_DATA: "no answer",
};

/** Nodes' own words, for what ethers does not tell apart. */
const BY_TEXT: readonly [RegExp, RpcFailure][] = [
  [/already known|(?<!un)known transaction|already imported|already exists/i, "already known"],
  [/nonce too low|nonce has already been used|invalid nonce/i, "nonce too low"],
  [/insufficient funds|doesn't have enough funds|sender doesn't have/i, "insufficient funds"],
  [/underpriced|fee too low|less than block base fee|lower than.*base fee|gas price below/i, "fee too low"],
  [/rate.?limit|too many requests|limit exceeded|txpool is full|try again|timeout/i, "busy"],
  [/revert/i, "reverted"],
];

interface EthersError {
  readonly code?: unknown;
  readonly message?: unknown;
  /** What the node answered, where ethers keeps it beside its own words. */
  readonly error?: { readonly message?: unknown };
  readonly info?: { readonly error?: { readonly message?: unknown } };
}

/** Tells what an endpoint's error means: the one place where errors are told apart. */
export function classifyRpcError(thrown: unknown): RpcFailure {
  const { code, error, info, message } = (thrown ?? {}) as EthersError;
  const answer = error?.message ?? info?.error?.message;
  const text = String(answer ?? message ?? thrown);
  const byText = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
  const byCode = typeof code === "string" ? BY_ETHERS_CODE[code] : undefined;
  // A JSON-RPC error object means that the node did answer.
  if (answer !== undefined) return byText ?? (byCode === "no answer" ? undefined : byCode) ?? "refused";
  return byCode ?? byText ?? "no answer";
}
