import type { ReadFees } from "../../engine/rpc/index.ts";
import { readRollupFees } from "../fees.ts";

/** Deposits, and the transaction that closes a block of refunds: nobody pays for them. */
const FREE_TYPES = ["0x7e", "0x7d"];

/**
 * What an L2 transaction is charged beside its gas. `opGasRefund`, where a receipt has it, is taken off `gasUsed` already.
 *
 * @throws {MalformedAnswer} where a field is no quantity
 */
export const readFees: ReadFees = (receipt) =>
  FREE_TYPES.includes(String(receipt["type"]).toLowerCase()) ? [] : readRollupFees(receipt);
