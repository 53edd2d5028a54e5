import { setTimeout as sleep } from "node:timers/promises";
import type { Receipt } from "./receipt.ts";
import { unlessAborted } from "./stop.ts";

/** Receipts that are waited for; those given up are remembered, because their transactions may still be mined. */
export class PendingReceipts {
  readonly #open = new Set<Promise<Receipt>>();

  /** @throws {Abandoned} where the signal came first */
  async mined(receipt: Promise<Receipt>, signal: AbortSignal): Promise<Receipt> {
    this.#open.add(receipt);
    const mined = await unlessAborted(receipt, signal);
    this.#open.delete(receipt);
    return mined;
  }

  /** Waits until none is open any more, as far as that takes no longer than this. */
  async settled(patienceMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#open), sleep(patienceMs, undefined, { ref: false })]);
  }
}
