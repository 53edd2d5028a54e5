import { opStack } from "../../../stress/protocols/op-stack/index.ts";
import { ovm2 } from "../../../stress/protocols/ovm2/index.ts";
import type { Protocol } from "../../../stress/protocols/protocol.ts";
import type { Account } from "../../../stress/engine/transactions/index.ts";
import type { Target } from "../../../targets/target.ts";
import { OpRollup } from "./op-stack/rollup.ts";
import { targetOf as opTargetOf } from "./op-stack/target.ts";
import { OvmRollup } from "./ovm2/rollup.ts";
import { targetOf as ovmTargetOf } from "./ovm2/target.ts";
import type { ProtocolName } from "./protocol-names.ts";
import type { RollupOf } from "./rollup.ts";

/** The product's own protocol, and what it runs on in a world. */
export interface SimProtocol {
  readonly protocol: Protocol;
  readonly rollupOf: RollupOf;
  /** The target of a run whose funder is whoever has the money. */
  targetOf(funder: Account): Target;
}

export const PROTOCOLS: Readonly<Record<ProtocolName, SimProtocol>> = {
  ovm2: { protocol: ovm2, rollupOf: (parts) => new OvmRollup(parts), targetOf: ovmTargetOf },
  "op-stack": { protocol: opStack, rollupOf: (parts) => new OpRollup(parts), targetOf: opTargetOf },
};
