import { ZeroHash } from "ethers";
import type { Receipt } from "../../stress/engine/rpc/index.ts";
import { hashOf } from "./chain.ts";

/** A receipt of a transaction that succeeded and cost nothing, but for what is said. */
export const receiptOf = (own: Partial<Receipt> = {}): Receipt => ({
  hash: hashOf("a"),
  blockNumber: 1,
  blockHash: ZeroHash,
  succeeded: true,
  gasUsed: 21_000n,
  gasFee: 0n,
  fees: [],
  logs: [],
  ...own,
});
