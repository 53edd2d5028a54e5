import type { CrossingOperation } from "../../protocols/operation.ts";
import type { Chain } from "../base/chain.ts";
import type { Connection } from "./connection.ts";
import type { MessageId } from "../../protocols/ovm2/messages.ts";
import type { Receipt } from "../rpc/receipt.ts";
import type { SentTransaction } from "../transactions/sent-transaction.ts";
import { type CrossingEnd, followCrossing } from "./settlement.ts";
import { Abandoned } from "../base/stop.ts";

/** Who waits for a crossing is told how far it came. */
export interface CrossingWait {
  readonly signal: AbortSignal;
  /** Its deposit is mined; once more where that was taken back. */
  readonly onReceipt?: (receipt: Receipt) => void;
  readonly onMessage?: (id: MessageId, to: Chain) => void;
}

/**
 * Waits for a crossing's deposit and its payout. A reorganisation may take back what was concluded: then it is waited for
 * anew, be it the receipt or a message, whose id depends on its place in the chain.
 *
 * @returns undefined where the deposit reverted
 * @throws {NotSubmitted} where the deposit will never be mined
 * @throws {Abandoned} where the signal came first
 */
export async function awaitCrossing(
  { contracts, watchers, reorganisations }: Pick<Connection, "contracts" | "watchers" | "reorganisations">,
  operation: CrossingOperation,
  transaction: SentTransaction,
  { signal, onReceipt, onMessage = () => undefined }: CrossingWait,
): Promise<CrossingEnd | undefined> {
  for (;;) {
    const receipt = await transaction.mined(signal);
    onReceipt?.(receipt);
    if (!receipt.succeeded) return undefined;
    const anew = reorganisations.next;
    const trail = { contracts, watchers, signal: AbortSignal.any([signal, anew]), onMessage };
    try {
      return await followCrossing(operation, receipt, trail);
    } catch (error) {
      if (!(error instanceof Abandoned) || signal.aborted || !anew.aborted) throw error;
    }
  }
}
