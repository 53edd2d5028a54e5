import type { Clock } from "../base/index.ts";
import { retryAfter } from "./errors.ts";
import { classifyRpcError, isTransient } from "./failure.ts";
import type { Rpc } from "./rpc.ts";

/** How often a request without effect is made, and the pauses between. */
export interface RetryRules {
  readonly attempts: number;
  /** Doubled from attempt to attempt. Milliseconds. */
  readonly firstPause: number;
  /** The pauses grow no further, unless the endpoint asks for more (Retry-After). Milliseconds. */
  readonly longestPause: number;
  /** Whether the endpoint is given up: then nothing is repeated any more. */
  readonly isDead: () => boolean;
}

/** A quarter of a minute: of an endpoint that fails three times in ten, one request in 15,000 still fails. */
const RULES: RetryRules = { attempts: 8, firstPause: 200, longestPause: 5000, isDead: () => false };

/** The same endpoint, asked again where it does not answer or is busy. For requests that change nothing. */
export function retrying(rpc: Rpc, clock: Clock, rules: Partial<RetryRules> = {}): Rpc {
  return {
    get name() {
      return rpc.name;
    },
    names: rpc.names,
    traffic: rpc.traffic,
    close: () => rpc.close(),
    send: (method, params) => retry(rpc, clock, () => rpc.send(method, params), rules),
  };
}

/** Does again what asks `rpc` several things, until it gets its answers. For what may be done twice. */
export async function retry<T>(
  { traffic }: Pick<Rpc, "traffic">,
  clock: Clock,
  act: () => Promise<T>,
  rules: Partial<RetryRules> = {},
): Promise<T> {
  const { attempts, firstPause, longestPause, isDead } = { ...RULES, ...rules };
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (!isTransient(classifyRpcError(error)) || attempt === attempts || isDead()) throw error;
      const pause = Math.min(longestPause, firstPause * 2 ** (attempt - 1));
      await clock.sleep(Math.max(pause, retryAfter(error)));
      traffic.repeated();
    }
  }
}
