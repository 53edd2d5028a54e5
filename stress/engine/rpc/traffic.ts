import { EndpointCounts, type EndpointTraffic } from "./endpoint-traffic.ts";

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
  readonly #names: readonly string[];
  readonly #endpoints: ReadonlyMap<string, EndpointCounts>;
  #repeated = 0;

  /** @param endpoints names fit for messages */
  constructor(endpoints: readonly string[]) {
    this.#names = endpoints;
    this.#endpoints = new Map(endpoints.map((name) => [name, new EndpointCounts(name)]));
  }

  /**
   * The counts of one of its endpoints. Those of one host are one.
   *
   * @throws {RangeError} where it is none of them
   */
  of(endpoint: string): EndpointCounts {
    const counts = this.#endpoints.get(endpoint);
    if (counts === undefined) throw new RangeError(`${endpoint} is none of ${this.#names.join(", ")}`);
    return counts;
  }

  /** Each endpoint for itself. */
  get endpoints(): readonly EndpointTraffic[] {
    return [...this.#endpoints.values()];
  }

  /** A call that failed is made again. Whoever repeats tells. */
  repeated(): void {
    this.#repeated++;
  }

  snapshot(): TrafficSnapshot {
    const all = [...this.#endpoints.values()];
    const sum = (count: (of: EndpointTraffic) => number): number =>
      all.reduce((total, one) => total + count(one), 0);
    const errors = new Map<string, number>();
    for (const one of all)
      for (const [kind, count] of one.errors) errors.set(kind, (errors.get(kind) ?? 0) + count);
    return {
      endpoints: this.#names,
      requests: sum(({ calls }) => [...calls.values()].reduce((total, count) => total + count, 0)),
      httpRequests: sum(({ httpRequests }) => httpRequests),
      webSocketMessages: sum(({ webSocketMessages }) => webSocketMessages),
      repeated: this.#repeated + sum(({ repeated }) => repeated),
      errors: Object.fromEntries([...errors].sort(([, a], [, b]) => b - a)),
    };
  }
}
