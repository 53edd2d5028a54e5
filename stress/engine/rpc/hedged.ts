import type { Clock } from "../base/index.ts";
import type { Rpc } from "./rpc.ts";

/** Milliseconds without an answer, after which a request is made once more. */
const UNANSWERED_MS = 5000;

/**
 * The same endpoint, asked a second time where a request hangs: the next endpoint, where there are several, or the same over another
 * connection. The first answer of the two counts. One request that is lost on its way would else hold up all that waits for it until
 * its time is over, though everything else is answered. For few requests that change nothing: of many, a slow node would get twice as many.
 *
 * @throws what the first request threw, where neither is answered
 */
export function hedged(rpc: Rpc, clock: Clock, unanswered: number = UNANSWERED_MS): Rpc {
  return {
    get name() {
      return rpc.name;
    },
    names: rpc.names,
    traffic: rpc.traffic,
    followHeads: (onHead) => rpc.followHeads?.(onHead),
    close: () => rpc.close(),
    send: async (method, params) => {
      const over = new AbortController();
      const first = rpc.send(method, params).finally(() => over.abort());
      const second = (async () => {
        await clock.sleep(unanswered, over.signal);
        // What the first one comes to, it came to in time.
        if (over.signal.aborted) return first;
        rpc.traffic.repeated();
        return rpc.sendBeside?.(method, params) ?? rpc.send(method, params);
      })();
      try {
        return await Promise.any([first, second]);
      } catch {
        // Both have failed, and of the first it is known what it was asked of.
        return first;
      }
    },
  };
}
