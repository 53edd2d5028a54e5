/** Everything that can stop a run, or keep one from starting. Tests and callers tell them apart by this code. */
export type StressErrorCode =
  | "TARGET_NOT_FOUND"
  | "TARGET_INVALID"
  | "TARGET_UNFIT"
  | "ENDPOINT_UNREACHABLE"
  | "WRONG_CHAIN_ID"
  | "NO_CONTRACT_CODE"
  | "MAINNET_REFUSED"
  | "FUNDS_TOO_LOW"
  | "FUND_LIMIT"
  | "PORT_IN_USE"
  | "STACK_FAILED"
  | "ADDRESSES_MISSING"
  | "ACCOUNTS_INVALID"
  | "RPC_FAILED"
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
  const short = (error as { shortMessage?: unknown } | null)?.shortMessage;
  const text = typeof short === "string" ? short : error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, " ").slice(0, 300);
}
