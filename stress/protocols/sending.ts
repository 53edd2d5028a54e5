import { atOnce } from "../engine/base/index.ts";
import type { StopSignals } from "./protocol.ts";

/** Waits for all, even where one fails: nothing may be sent any more once refunds begin. @throws what the first of them threw */
export async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === "rejected") throw one.reason;
}

/** Sends something to each child, `batch` of them at once, until the run is to stop. @throws what the first that failed threw */
export function sendToEach(
  children: readonly string[],
  batch: number,
  { soft }: Pick<StopSignals, "soft">,
  send: (child: string) => Promise<unknown>,
): Promise<void> {
  return atOnce(batch, children, send, () => !soft.aborted);
}
