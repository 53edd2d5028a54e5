/** A node's JSON-RPC error. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;

  constructor(message: string, code = -32_000) {
    super(message);
    this.code = code;
  }
}

/** A call that is tried. */
export type Trial = Record<"from" | "to" | "data" | "value", string>;

/** Which events are asked for. */
export interface LogFilter {
  readonly address: string | readonly string[];
  readonly topics: readonly (string | readonly string[] | undefined)[];
  readonly blockHash?: string;
  readonly fromBlock?: string;
  readonly toBlock?: string;
}
