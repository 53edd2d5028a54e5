import type { Stop } from "../../stress/engine/base/index.ts";
import type { BlockRead } from "../../stress/engine/chain/index.ts";

/** Ends a run's load, and with it the fault that lasts as long, once something has arrived a second time. */
export function endAtSecondArrival(control: Stop): { readonly block: (read: BlockRead) => void } {
  const arrived = new Set<string>();
  return {
    block: ({ arrivals }) => {
      for (const { id } of arrivals) {
        if (arrived.has(id)) control.raise(1, { kind: "operations" });
        arrived.add(id);
      }
    },
  };
}
