import type { Clock } from "../base/index.ts";
import { type NodeError, retryAfter, StatePruned } from "./errors.ts";
import { classifyRpcError, isTransient, lacksState } from "./failure.ts";
import type { BlockTag } from "./node.ts";
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
  /** The newest block that is known: states far behind it may be pruned, and not on their way. Undefined: none. */
  readonly known: () => BlockTag | undefined;
}

/** States that a node without an archive keeps at least (geth's `TriesInMemory`). */
const STATES_KEPT = 128;

/** So many answers say that an old state is gone: of several nodes behind one endpoint another may have an archive. */
const BELIEVED_ANSWERS = 3;

/**
 * Half a minute: an endpoint that is started anew is back by then, and of one that fails three times in ten one request in 500,000
 * still fails. Who limits his clients does so by the second or by the minute.
 */
const RULES: RetryRules = {
  attempts: 11,
  firstPause: 200,
  longestPause: 5000,
  busyFor: 60_000,
  isDead: () => false,
  known: () => undefined,
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
    send: (method, params) => {
      let lacking = 0;
      const ask = async (): Promise<unknown> => {
        try {
          return await rpc.send(method, params);
        } catch (error) {
          if (lacksState(error) && ++lacking >= BELIEVED_ANSWERS)
            throw prunedOr(error, params, rules.known?.());
          throw error;
        }
      };
      return retry(rpc, clock, ask, rules);
    },
  };
}

/** What a node without a state said, told as what it is where the state is too old to be still to come. */
function prunedOr(error: NodeError, params: readonly unknown[], known: BlockTag | undefined): NodeError {
  const tag = params.at(-1);
  if (typeof known !== "number" || typeof tag !== "string" || !/^0x[0-9a-f]{1,13}$/i.test(tag)) return error;
  const block = Number(tag);
  return known - block >= STATES_KEPT ? new StatePruned(error, block, known - block) : error;
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
