import { setTimeout as sleep } from "node:timers/promises";
import type { Rpc } from "./rpc.ts";
import { retryAfter } from "./errors.ts";
import { classifyRpcError, isPassing } from "./failure.ts";

/** How often a request without effect is made, and the pauses between. */
export interface Patience {
  readonly attempts: number;
  /** Doubled from attempt to attempt. Milliseconds. */
  readonly firstPause: number;
  /** The pauses grow no further, unless the endpoint asks for more (Retry-After). Milliseconds. */
  readonly longestPause: number;
  /** Whether the endpoint is given up: then nothing is repeated any more. */
  readonly isDead: () => boolean;
}

/** A quarter of a minute: of an endpoint that fails three times in ten, one request in 15,000 still fails. */
const PATIENCE: Patience = { attempts: 8, firstPause: 200, longestPause: 5000, isDead: () => false };

/** The same endpoint, asked again where it does not answer or is busy. For requests that change nothing. */
export function patient(rpc: Rpc, patience: Partial<Patience> = {}): Rpc {
  return {
    get name() {
      return rpc.name;
    },
    names: rpc.names,
    traffic: rpc.traffic,
    close: () => rpc.close(),
    send: (method, params) => patiently(rpc, () => rpc.send(method, params), patience),
  };
}

/** Does again what asks `rpc` several things, until it gets its answers. For what may be done twice. */
export async function patiently<T>(
  rpc: Rpc,
  act: () => Promise<T>,
  patience: Partial<Patience> = {},
): Promise<T> {
  const { attempts, firstPause, longestPause, isDead } = { ...PATIENCE, ...patience };
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(classifyRpcError(error)) || attempt === attempts || isDead()) throw error;
      const pause = Math.min(longestPause, firstPause * 2 ** (attempt - 1));
      await sleep(Math.max(pause, retryAfter(error)));
      rpc.traffic.repeated();
    }
  }
}
