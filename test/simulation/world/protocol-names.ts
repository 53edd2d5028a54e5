/** The protocols that there are worlds of. */
export const PROTOCOL_NAMES = ["ovm2", "op-stack"] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];
