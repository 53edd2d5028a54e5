import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Interface, toBeHex, ZeroAddress } from "ethers";
import type { MessageId } from "../../engine/chain/index.ts";

/**
 * Boba's Light Bridge: one contract on each chain takes deposits, and a disburser pays out on one what it saw deposited on the
 * other (@bobanetwork/contracts, contracts/Teleportation.sol).
 */
export const TELEPORTATION = new Interface(
  readFileSync(
    join(import.meta.dirname, "..", "..", "..", "contracts-abi", "op-stack", "Teleportation.json"),
    "utf8",
  ),
);

/** How it names ETH among tokens. */
export const ETH = ZeroAddress;

const ID_BITS = 128n;

/** Chain ids are 32 bits to it. */
const CHAIN_ID_BITS = 32n;

/** A deposit, by the chain that it was made on and its number there. */
export interface DepositId {
  readonly sourceChainId: bigint;
  readonly depositId: bigint;
}

/**
 * What ties a disbursement to its one deposit, in one word: both chains' events tell it. It is no hash, and none begins with as
 * many zeros.
 */
export const fastMessageId = (sourceChainId: bigint, depositId: bigint): MessageId =>
  toBeHex((sourceChainId << ID_BITS) | depositId, 32) as MessageId;

/** Whether a message is one of the fast bridge's. */
export const isFastMessage = (message: MessageId): boolean =>
  BigInt(message) >> (ID_BITS + CHAIN_ID_BITS) === 0n;

/** The deposit that a message of the fast bridge is. */
export const depositOf = (message: MessageId): DepositId => ({
  sourceChainId: BigInt(message) >> ID_BITS,
  depositId: BigInt.asUintN(Number(ID_BITS), BigInt(message)),
});
