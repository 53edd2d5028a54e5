import { EndpointClosed, MalformedAnswer, NoAnswer, NodeError } from "./errors.ts";

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
  /** The node does not have the block, or its state: it may be behind the one that told of it. */
  | "behind"
  /** The node refused for another reason. */
  | "refused"
  /** It is no endpoint's doing, but a mistake of this program: asking again would only make it again. */
  | "own mistake";

/** Whether a failure says nothing of the request itself, so that asking again makes sense. */
export const isTransient = (failure: RpcFailure): boolean => TRANSIENT.has(failure);

const TRANSIENT: ReadonlySet<RpcFailure> = new Set(["no answer", "busy", "behind"]);

/** Nodes' own words. */
const BY_TEXT: readonly [RegExp, RpcFailure][] = [
  [/already known|(?<!un)known transaction|already imported|already exists/i, "already known"],
  [/nonce too low|nonce has already been used|invalid nonce/i, "nonce too low"],
  [/insufficient funds|doesn't have enough funds|sender doesn't have/i, "insufficient funds"],
  [/underpriced|fee too low|less than block base fee|lower than.*base fee|gas price below/i, "fee too low"],
  // A load-balanced node that is behind the one that told of the block, or one that has pruned its state.
  [
    /(header|block|blockhash)( #?(0x)?[0-9a-f]+)? (is )?not found|header for hash not found|unknown block|no canonical hash/i,
    "behind",
  ],
  [/could not find (the )?block|cannot find block|block .*does not exist|missing trie node/i, "behind"],
  [/state .*not (yet )?available|historical state unavailable|beyond (the )?(current )?head/i, "behind"],
  [/rate.?limit|too many requests|limit exceeded|txpool is full|try again|timeout/i, "busy"],
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

/** Tells what was thrown while an endpoint was asked: the one place where errors are told apart. */
export function classifyRpcError(thrown: unknown): RpcFailure {
  if (thrown instanceof NoAnswer) return BUSY_KINDS.includes(thrown.kind) ? "busy" : "no answer";
  if (thrown instanceof MalformedAnswer) return "no answer";
  if (thrown instanceof EndpointClosed) return "refused";
  if (!(thrown instanceof NodeError)) return "own mistake";
  const { code, message } = thrown.error;
  const byText = BY_TEXT.find(([pattern]) => pattern.test(message))?.[1];
  return byText ?? BY_NODE_CODE[String(code)] ?? "refused";
}
