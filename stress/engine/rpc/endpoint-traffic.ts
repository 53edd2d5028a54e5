/** What went over the wire to one endpoint so far, and what is on its way. */
export interface EndpointTraffic {
  /** Without credentials and path. */
  readonly endpoint: string;
  /** JSON-RPC calls by method, repeated ones included. */
  readonly calls: ReadonlyMap<string, number>;
  readonly httpRequests: number;
  readonly webSocketMessages: number;
  /** Calls that were made again because they were not answered. */
  readonly repeated: number;
  /** Errors by kind. One that left a whole message without an answer counts once. */
  readonly errors: ReadonlyMap<string, number>;
  /** Calls that wait for their message to be sent. */
  readonly waiting: number;
  /** Calls that were sent and are not answered yet. */
  readonly underWay: number;
}

/** Counts what goes over the wire to one endpoint. */
export class EndpointCounts implements EndpointTraffic {
  readonly endpoint: string;
  readonly calls = new Map<string, number>();
  readonly errors = new Map<string, number>();
  httpRequests = 0;
  webSocketMessages = 0;
  repeated = 0;
  waiting = 0;
  underWay = 0;

  /** @param endpoint a name fit for messages */
  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  /** A message with these calls is sent. */
  sent(over: "http" | "ws", calls: readonly { readonly method: string }[]): void {
    if (over === "http") this.httpRequests++;
    else this.webSocketMessages++;
    this.underWay += calls.length;
    for (const { method } of calls) this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
  }

  /** The same message was answered, or never will be. */
  over(calls: readonly unknown[]): void {
    this.underWay -= calls.length;
  }

  failed(kind: string): void {
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
  }
}
