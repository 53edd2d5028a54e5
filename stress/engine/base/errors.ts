/** Everything that can stop a run, or keep one from starting. Tests and callers tell them apart by this code. */
export type StressErrorCode =
  | "TARGET_NOT_FOUND"
  | "TARGET_INVALID"
  | "ENDPOINT_UNREACHABLE"
  | "WRONG_CHAIN_ID"
  | "NO_CONTRACT_CODE"
  | "MAINNET_REFUSED"
  | "FUNDS_TOO_LOW"
  | "FUND_LIMIT"
  | "SETTING_INVALID"
  | "REQUEST_INVALID"
  | "ACCOUNTS_LOCKED"
  | "KEYSTORE_LOCKED"
  | "TARGET_IN_USE"
  | "PORT_IN_USE"
  | "OWN_STACK_REFUSED"
  | "SHARD_REFUSED"
  | "STACK_FAILED"
  | "FORK_FAILED"
  | "ADDRESSES_MISSING"
  | "RPC_FAILED"
  | "FAULT_PLAN_INVALID"
  | "FAULTS_REFUSED"
  | "LOGS_UNUSABLE"
  | "JOURNAL_INCOMPLETE"
  | "RUN_REFUSED"
  | "FUNDER_PENDING"
  | "FUNDER_SHARED"
  | "DRIVE_OPEN"
  | "STOPPED";

/** An error a user can do something about. Its text never holds a private key. */
export class StressError extends Error {
  override readonly name = "StressError";
  readonly code: StressErrorCode;
  /** What to do next. */
  readonly hint: string;

  constructor(code: StressErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  /** The error as a terminal shows it: what happened, then what to do. */
  render(): string {
    return `${this.message}\n  → ${this.hint}`;
  }
}

/** The text of anything thrown, on one line and without what ethers appends about the request (it may name keys). */
export function reasonOf(error: unknown): string {
  const { shortMessage, error: nested } = (error ?? {}) as {
    shortMessage?: unknown;
    error?: { message?: unknown };
  };
  const ownWords = error instanceof Error ? error.message : String(error);
  // ethers wraps a node's answer; the node's own words say more.
  const text = [nested?.message, shortMessage, ownWords].find((words) => typeof words === "string") ?? "";
  return withoutUrlSecrets(text.replace(/\s+/g, " ")).slice(0, 300);
}

/** Scheme, credentials, host, and the rest of each URL in a text. */
const URLS = /(\w+:\/\/)(?:[^\s/?#"'`]*@)?([^\s/?#"'`(),<>]+)[^\s"'`(),<>]*/g;

/** A text whose URLs end behind their host: credentials, path and query may be a project's secrets. */
const withoutUrlSecrets = (text: string): string => text.replace(URLS, "$1$2");

/**
 * Anything thrown as it may be shown with its properties and causes, which is how vitest and node show errors. ethers'
 * errors hold the whole request, and with it the secrets of an endpoint's URL: of them the reason is kept.
 */
export function presentable(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return typeof thrown === "string" ? withoutUrlSecrets(thrown) : thrown;
  if (!(thrown instanceof StressError) && "shortMessage" in thrown) {
    const hint = "is the node up, and does it bear the load? The logs tell what came before";
    return new StressError("RPC_FAILED", `an endpoint failed: ${reasonOf(thrown)}`, hint);
  }
  if (thrown instanceof StressError) delete thrown.cause;
  else {
    thrown.message = withoutUrlSecrets(thrown.message);
    // It begins with the message; its own file: URLs have no host and stay.
    if (thrown.stack !== undefined) thrown.stack = withoutUrlSecrets(thrown.stack);
    if (thrown.cause !== undefined) thrown.cause = presentable(thrown.cause);
  }
  return thrown;
}
