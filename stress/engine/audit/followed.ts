import { type Chain, otherChain } from "../base/index.ts";
import type { Message } from "../chain/index.ts";
import type { Receipt } from "../rpc/index.ts";
import type { SentTransaction } from "../transactions/index.ts";
import type { Crossing } from "../../protocols/operation.ts";
import type { Bridge } from "../../protocols/protocol.ts";
import type { Crosser } from "./crossing-audit.ts";

/** A crossing that is followed. */
export interface Followed {
  /** Its deposit. */
  readonly transaction: SentTransaction;
  readonly crossing: Crossing;
  readonly code: string;
  readonly who: Crosser;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** The chain that a crossing leads to. */
export const destinationOf = ({ transaction: { chain } }: Followed): Chain => otherChain(chain);

/** The crossing's first message; undefined while its deposit is not mined, or where it failed. */
export function depositMessage(
  { transaction: { state, chain } }: Followed,
  bridge: Pick<Bridge, "sent">,
): Message | undefined {
  if (state.at !== "mined" || !state.receipt.succeeded) return undefined;
  const known = decoded.get(state.receipt);
  if (known !== undefined) return known;
  const message = bridge.sent(chain, state.receipt);
  if (message !== undefined) decoded.set(state.receipt, message);
  return message;
}

/** The message of a deposit whose receipt did not tell it at first. */
export const rememberMessage = (receipt: Receipt, message: Message): void =>
  void decoded.set(receipt, message);

/** Decoding is what takes the time, and an audit asks again and again. */
const decoded = new WeakMap<Receipt, Message>();
