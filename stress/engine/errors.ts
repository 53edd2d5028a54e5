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
  | "ACCOUNTS_LOCKED"
  | "KEYSTORE_LOCKED"
  | "TARGET_IN_USE"
  | "PORT_IN_USE"
  | "STACK_FAILED"
  | "ADDRESSES_MISSING"
  | "RPC_FAILED";

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
  return text.replace(/\s+/g, " ").slice(0, 300);
}
