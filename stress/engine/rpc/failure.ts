import { EndpointClosed, MalformedAnswer, NoAnswer, NodeError, StatePruned } from "./errors.ts";
import { CODES, NO_STATE, type NodeWord, type Wording, WORDS } from "./words.ts";

/** What an endpoint's error means for a transaction. */
export type RpcFailure =
  | NodeWord
  /** It is no endpoint's doing, but a mistake of this program: asking again would only make it again. */
  | "own mistake";

const TRANSIENT: ReadonlySet<RpcFailure> = new Set(["no answer", "busy", "behind", "no room"]);

/** Whether a failure says nothing of the request itself, so that asking again makes sense. */
export const isTransient = (failure: RpcFailure): boolean => TRANSIENT.has(failure);

/** An endpoint's word that says not now. */
const BUSY_KINDS = ["429", "503"];

/** Tells what was thrown while an endpoint was asked: the one place where errors are told apart. */
export function classifyRpcError(thrown: unknown): RpcFailure {
  if (thrown instanceof NoAnswer) return BUSY_KINDS.includes(thrown.kind) ? "busy" : "no answer";
  if (thrown instanceof MalformedAnswer) return "no answer";
  if (thrown instanceof EndpointClosed) return "refused";
  if (!(thrown instanceof NodeError)) return "own mistake";
  if (thrown instanceof StatePruned) return "refused";
  const meaning = wordsOf(thrown);
  // A call by itself that is told so is refused for good.
  if (meaning === "batch too large") return "refused";
  return meaning ?? CODES[String(thrown.error.code)] ?? "refused";
}

/** Whether a node refused the message rather than the call: in a smaller one it may do it. */
export const isBatchTooLarge = (thrown: unknown): boolean =>
  thrown instanceof NodeError && wordsOf(thrown) === "batch too large";

const wordsOf = ({ error }: NodeError): Wording["means"] | undefined =>
  WORDS.find(({ words }) => words.some((one) => one.test(error.message)))?.means;

/** Whether a node has not got the state of a block, be it too old or too new for it. */
export const lacksState = (thrown: unknown): thrown is NodeError =>
  thrown instanceof NodeError && NO_STATE.test(thrown.error.message);

/** Whether a node that was asked for the pending state has none: it says so, or answers nothing. */
export function lacksPending(thrown: unknown): boolean {
  const failure = classifyRpcError(thrown);
  if (thrown instanceof NodeError)
    return failure === "refused" || (failure === "behind" && /pending/i.test(thrown.message));
  return thrown instanceof MalformedAnswer;
}

/** Whether a node takes no block beside a call: geth before 1.9.16, and so l2geth ("too many arguments, want at most 1"). */
export const isTooManyArguments = (thrown: unknown): boolean =>
  thrown instanceof NodeError &&
  (thrown.error.code === -32_602 || /too many arguments/i.test(thrown.message));

/** The name under which an error is counted. */
export const kindOf = (error: unknown): string => (error instanceof NoAnswer ? error.kind : nodeWord(error));

/** A node that says "internal error" or "timed out" did answer, whatever that is worth. */
function nodeWord(error: unknown): string {
  const failure = classifyRpcError(error);
  if (failure !== "no answer") return failure;
  return error instanceof NodeError && /internal/i.test(error.message) ? "internal error" : "no result";
}
