/** Contracts at fixed addresses of a legacy (OVM 2) rollup's L2, from the predecessor's `predeploys`. */
export const PREDEPLOYS = {
  messagePasser: "0x4200000000000000000000000000000000000000",
  eth: "0x4200000000000000000000000000000000000006",
  messenger: "0x4200000000000000000000000000000000000007",
  gasPriceOracle: "0x420000000000000000000000000000000000000F",
  standardBridge: "0x4200000000000000000000000000000000000010",
  feeVault: "0x4200000000000000000000000000000000000011",
  /** OP Stack chains only: attributes of L1 that the data fee is computed from. */
  l1Block: "0x4200000000000000000000000000000000000015",
  /** OP Stack chains collect base fees and L1 data fees apart from priority fees. */
  baseFeeVault: "0x4200000000000000000000000000000000000019",
  l1FeeVault: "0x420000000000000000000000000000000000001A",
} as const;
