import { opStack } from "./op-stack/index.ts";
import { ovm2 } from "./ovm2/index.ts";
import type { Protocol } from "./protocol.ts";

/** THE registry of protocols. A target file names one; what names none is of the first. */
export const PROTOCOLS = [ovm2, opStack] as const satisfies readonly Protocol[];

/** The protocol of the predecessor, and so of its target files. */
export const PREDECESSOR: Protocol = ovm2;

/** The protocol with this name; undefined where there is none. */
export const protocolOf = (name: string): Protocol | undefined =>
  PROTOCOLS.find((protocol) => protocol.name === name);
