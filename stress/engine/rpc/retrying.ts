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
  /** One that is busy is asked on until this much was waited, however many attempts that takes. Milliseconds. */
  readonly busyFor: number;
  /** Whether the endpoint is given up: then nothing is repeated any more. */
  readonly isDead: () => boolean;
}

/**
 * A quarter of a minute: of an endpoint that fails three times in ten, one request in 15,000 still fails. Who limits his
 * clients does so by the second or by the minute.
 */
const RULES: RetryRules = {
  attempts: 8,
  firstPause: 200,
  longestPause: 5000,
  busyFor: 60_000,
  isDead: () => false,
};

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
  const { attempts, firstPause, longestPause, busyFor, isDead } = { ...RULES, ...rules };
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      const failure = classifyRpcError(error);
      const isLast = attempt >= attempts && (failure !== "busy" || waited >= busyFor);
      if (!isTransient(failure) || isLast || isDead()) throw error;
      const pause = Math.max(Math.min(longestPause, firstPause * 2 ** (attempt - 1)), retryAfter(error));
      await clock.sleep(pause);
      waited += pause;
      traffic.repeated();
    }
  }
}
