import { onTestFinished } from "vitest";
import { type Endpoints, openRpc, type Rpc } from "../../stress/engine/rpc/index.ts";
import { network } from "../../stress/platform/network.ts";

/** An engine's line to endpoints; it closes when the running test ends. */
export function lineTo(endpoints: string | Endpoints, timeout = 5000): Rpc {
  const rpc = openRpc(network, endpoints, { timeout });
  onTestFinished(() => rpc.close());
  return rpc;
}

/** Makes calls together; each gives its result or its error. */
export const echoes = (rpc: Rpc, ...values: readonly unknown[]): Promise<unknown[]> =>
  Promise.all(values.map((value) => rpc.send("echo", [value]).catch((error: unknown) => error)));

/** What a call fails with. */
export async function failureOf(rpc: Rpc, value: unknown = 1): Promise<unknown> {
  const [thrown] = await echoes(rpc, value);
  if (thrown instanceof Error) return thrown;
  throw new Error("the call did not fail");
}
