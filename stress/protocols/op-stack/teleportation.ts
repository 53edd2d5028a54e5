import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Interface, toBeHex } from "ethers";
import type { MessageId } from "../../engine/chain/index.ts";

/**
 * Boba's Light Bridge: one contract on each chain takes deposits, and a disburser pays on one what it saw deposited on the
 * other (@bobanetwork/contracts, contracts/Teleportation.sol).
 */
export const TELEPORTATION = new Interface(
  readFileSync(
    join(import.meta.dirname, "..", "..", "..", "contracts-abi", "op-stack", "Teleportation.json"),
    "utf8",
  ),
);

const DEPOSIT_ID_BITS = 128n;

/**
 * What ties a disbursement to its one deposit: the chain that it was made on and its number there, in one word. Both chains'
 * events tell them. It is no hash, and the message ids of the messengers, which are, never begin with that many zeros.
 */
export const fastMessageId = (sourceChainId: bigint, depositId: bigint): MessageId =>
  toBeHex((sourceChainId << DEPOSIT_ID_BITS) | depositId, 32) as MessageId;
