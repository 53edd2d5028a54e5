import { toBeHex } from "ethers";
import type { MessageId } from "../../../engine/chain/index.ts";

/** A deposit in the fast bridge, by the chain that it was made on and its number there. */
export interface DepositId {
  readonly sourceChainId: bigint;
  readonly depositId: bigint;
}

const ID_BITS = 128n;

/** Chain ids are 32 bits to the fast bridge. */
const CHAIN_ID_BITS = 32n;

/**
 * What ties a disbursement to its one deposit, in one word: both chains' events tell it. It is no hash, and none begins with as
 * many zeros.
 */
export const fastMessageId = ({ sourceChainId, depositId }: DepositId): MessageId =>
  toBeHex((sourceChainId << ID_BITS) | depositId, 32) as MessageId;

/** The deposit that a message is; undefined where it is none of the fast bridge's. */
export function depositOfMessage(message: MessageId): DepositId | undefined {
  const word = BigInt(message);
  if (word >> (ID_BITS + CHAIN_ID_BITS) !== 0n) return undefined;
  return { sourceChainId: word >> ID_BITS, depositId: BigInt.asUintN(Number(ID_BITS), word) };
}
