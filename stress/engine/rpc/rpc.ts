import type { Clock } from "../base/index.ts";
import type { Carrier } from "./answers.ts";
import { CallQueue } from "./call-queue.ts";
import { classifyRpcError, isTransient } from "./failure.ts";
import { Traffic } from "./traffic.ts";

/** A chain's JSON-RPC endpoint, or several that stand in for each other. Calls made together travel together, as one batch. */
export interface Rpc {
  /** The endpoint in use, without credentials or path: fit for messages. */
  readonly name: string;
  /** All of its endpoints, as `name` has them. */
  readonly names: readonly string[];
  /** What has gone over the wire so far. */
  readonly traffic: Traffic;
  /**
   * @throws {NodeError} a JSON-RPC error: the node's word
   * @throws {NoAnswer} anything else; `classifyRpcError` tells them apart
   */
  send(method: string, params: readonly unknown[]): Promise<unknown>;
  /** As `send`, but of the endpoint after the one in use, where there are several: for what that one does not answer. */
  sendBeside?(method: string, params: readonly unknown[]): Promise<unknown>;
  /**
   * Has a listener told that a new head may be there, by endpoints that tell (WebSocket). It may miss some, or come for nothing: who needs
   * the head asks for it, and goes on asking from time to time.
   */
  followHeads?(onHead: () => void): void;
  close(): Promise<void>;
}

/** URLs of a chain's endpoints (http, https, ws, wss): the first is used as long as it answers. */
export type Endpoints = readonly [string, ...string[]];

/** The network, passed in: opens what carries calls to an endpoint. */
export interface Network {
  readonly clock: Clock;
  /** @param timeout milliseconds an exchange may take */
  carrier(endpoint: URL, timeout: number): Carrier;
}

/** Milliseconds a request may take before it counts as failed. */
const TIMEOUT_MS = 30_000;

/** Scheme and host of an endpoint: its path or query may hold a project's secret. */
export function endpointName(endpoint: string): string {
  const { protocol, host } = new URL(endpoint);
  return `${protocol}//${host}`;
}

/** How endpoints are asked. */
export interface RpcOptions {
  /** Milliseconds a request may take. */
  readonly timeout?: number;
  /** Is told once what is peculiar to an endpoint: that it limits its clients, or batches. Default: nobody. */
  readonly warn?: (line: string) => void;
}

/**
 * Opens a chain's endpoints. Nothing is sent yet. Where one does not answer or is busy, that request fails, and those after
 * it go to the next one, round and round. Nothing is repeated here: whoever asks has rules for that.
 */
export function openRpc(
  network: Network,
  endpoints: string | Endpoints,
  { timeout = TIMEOUT_MS, warn = () => undefined }: RpcOptions = {},
): Rpc {
  const all = [endpoints].flat();
  const names = all.map(endpointName);
  const traffic = new Traffic(names);
  const queues = all.map((endpoint) => {
    const url = new URL(endpoint);
    const over = /^wss?:$/.test(url.protocol) ? "ws" : "http";
    return new CallQueue({
      carrier: network.carrier(url, timeout),
      over,
      traffic: traffic.of(endpointName(endpoint)),
      clock: network.clock,
      warn: (line) => warn(`${endpointName(endpoint)} ${line}`),
    });
  });
  let current = 0;
  const queueOf = (used: number): CallQueue => {
    const queue = queues[used % queues.length];
    if (queue === undefined) throw new RangeError("a chain needs an endpoint");
    return queue;
  };
  return {
    get name() {
      return names[current] ?? "";
    },
    names,
    traffic,
    send: async (method, params) => {
      const used = current;
      try {
        return await queueOf(used).send(method, params);
      } catch (error) {
        // Of the calls that fail together only the first moves on.
        if (used === current && isTransient(classifyRpcError(error))) current = (used + 1) % queues.length;
        throw error;
      }
    },
    sendBeside: async (method, params) => queueOf(current + 1).send(method, params),
    followHeads: (onHead) => {
      for (const queue of queues) queue.followHeads(onHead);
    },
    close: async () => {
      for (const queue of queues) queue.close();
    },
  };
}
