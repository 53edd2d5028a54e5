/** What went over the wire to a list of endpoints, in plain values: fit for a JSON report. */
export interface TrafficSnapshot {
  /** Without credentials and paths. */
  readonly endpoints: readonly string[];
  /** JSON-RPC calls, repeated ones included. */
  readonly requests: number;
  readonly httpRequests: number;
  readonly webSocketMessages: number;
  /** Calls that were made again because they were not answered. */
  readonly repeated: number;
  /**
   * Errors by kind, most frequent first. One that left a whole message without an answer counts once, however many calls
   * were in it.
   */
  readonly errors: Readonly<Record<string, number>>;
}

/** Counts what goes over the wire to a list of endpoints. */
export class Traffic {
  readonly #endpoints: readonly string[];
  #requests = 0;
  readonly #messages = { http: 0, ws: 0 };
  #repeated = 0;
  readonly #errors = new Map<string, number>();

  /** @param endpoints names fit for messages */
  constructor(endpoints: readonly string[]) {
    this.#endpoints = endpoints;
  }

  /** A message with this many calls was sent. */
  sent(over: "http" | "ws", calls: number): void {
    this.#messages[over]++;
    this.#requests += calls;
  }

  /** A call that failed is made again. Whoever repeats tells. */
  repeated(): void {
    this.#repeated++;
  }

  failed(kind: string): void {
    this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1);
  }

  snapshot(): TrafficSnapshot {
    return {
      endpoints: this.#endpoints,
      requests: this.#requests,
      httpRequests: this.#messages.http,
      webSocketMessages: this.#messages.ws,
      repeated: this.#repeated,
      errors: Object.fromEntries([...this.#errors].sort(([, a], [, b]) => b - a)),
    };
  }
}
