import { EndpointClosed, NoAnswer } from "./errors.ts";

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

/** Whether a failure says nothing of the request itself, so that asking again makes sense. */
export const isPassing = (failure: RpcFailure): boolean => failure === "no answer" || failure === "busy";

/** Nodes' own words. */
const BY_TEXT: readonly [RegExp, RpcFailure][] = [
  [/already known|(?<!un)known transaction|already imported|already exists/i, "already known"],
  [/nonce too low|nonce has already been used|invalid nonce/i, "nonce too low"],
  [/insufficient funds|doesn't have enough funds|sender doesn't have/i, "insufficient funds"],
  [/underpriced|fee too low|less than block base fee|lower than.*base fee|gas price below/i, "fee too low"],
  [/rate.?limit|too many requests|limit exceeded|txpool is full|try again|timeout/i, "busy"],
  // A load-balanced node that is behind the one that told of the block.
  [/header not found|block not found|unknown block|could not find block/i, "busy"],
  [/revert/i, "reverted"],
  // Without a reason the fault is the node's own: what became of the request it does not tell.
  [/^internal (server |json-rpc )?error[.!]?$/i, "no answer"],
];

/** Codes of nodes that say little else. */
const BY_NODE_CODE: Readonly<Record<string, RpcFailure>> = {
  // geth's, of a call that reverted
  3: "reverted",
  // "limit exceeded" (EIP-1474)
  "-32005": "busy",
};

/** An endpoint's word that says not now. */
const BUSY_KINDS = ["429", "503"];

interface ErrorWithAnswer {
  readonly code?: unknown;
  /** What the node answered. */
  readonly error?: NodeWords;
  /** Where ethers keeps it. */
  readonly info?: { readonly error?: NodeWords };
}

interface NodeWords {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** Tells what an endpoint's error means: the one place where errors are told apart. */
export function classifyRpcError(thrown: unknown): RpcFailure {
  if (thrown instanceof NoAnswer) return BUSY_KINDS.includes(thrown.kind) ? "busy" : "no answer";
  if (thrown instanceof EndpointClosed) return "refused";
  const { code, error, info } = (thrown ?? {}) as ErrorWithAnswer;
  const answer = error ?? info?.error;
  if (typeof answer?.message === "string") {
    const text = answer.message;
    const byText = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
    return byText ?? BY_NODE_CODE[String(answer.code)] ?? "refused";
  }
  // ethers' word for an answer that is a revert's data.
  return code === "CALL_EXCEPTION" ? "reverted" : "no answer";
}
