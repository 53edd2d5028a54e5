import {
  concat,
  dataLength,
  dataSlice,
  encodeRlp,
  getAddress,
  keccak256,
  toBeArray,
  toBeHex,
  ZeroHash,
} from "ethers";
import type { Log, TxHash } from "../../engine/rpc/index.ts";
import { decodeEvent, topicOf } from "../decode.ts";
import type { SendingReceipt } from "../protocol.ts";
import { ABI, type Contracts } from "./contracts.ts";

/** What the portal tells L2 to carry out. Wei. */
export interface Deposit {
  /** Of the transaction on L2 that it becomes. */
  readonly hash: TxHash;
  /** The sender on L2; a contract's address is aliased. */
  readonly from: string;
  /** Undefined where it makes a contract. */
  readonly to: string | undefined;
  /** What the sender gets on L2, whatever becomes of the call. */
  readonly mint: bigint;
  readonly value: bigint;
  readonly gas: bigint;
  readonly data: string;
  /** Its place on L1: L2 has deposits in this order. */
  readonly place: bigint;
}

export const TRANSACTION_DEPOSITED = topicOf(ABI.OptimismPortal, "TransactionDeposited");

/** Domain of source hashes of user deposits. */
const USER_DEPOSIT = ZeroHash;

const DEPOSIT_TYPE = "0x7e";

/** Logs of one block that can be told apart in a place. */
const LOGS_OF_A_BLOCK = 1_000_000n;

const rlpNumber = (value: bigint): Uint8Array => toBeArray(value);

/**
 * A deposit as its event tells it. Its source hash is of the L1 block and of the event's real index in it, so that a reorganisation of
 * L1 gives it another hash on L2. (Specification `deposits`: source hash computation, `opaqueData` of version 0.)
 *
 * @throws {MalformedAnswer} where the event's data are not what the ABI says
 */
export function depositOf(log: Log, blockHash: string): Deposit {
  const { from, to, opaqueData } = decodeEvent(ABI.OptimismPortal, "TransactionDeposited", log);
  const opaque = String(opaqueData);
  const number = (start: number, end: number): bigint => BigInt(dataSlice(opaque, start, end));
  const mint = number(0, 32);
  const value = number(32, 64);
  const gas = number(64, 72);
  const isCreation = number(72, 73) !== 0n;
  const data = dataLength(opaque) > 73 ? dataSlice(opaque, 73) : "0x";
  const index = toBeHex(log.logIndex, 32);
  const source = keccak256(concat([USER_DEPOSIT, keccak256(concat([blockHash, index]))]));
  const fields = [
    source,
    String(from),
    isCreation ? "0x" : String(to),
    rlpNumber(mint),
    rlpNumber(value),
    rlpNumber(gas),
    // No system transaction.
    "0x",
    data,
  ];
  return {
    hash: keccak256(concat([DEPOSIT_TYPE, encodeRlp(fields)])) as TxHash,
    from: getAddress(String(from)),
    to: isCreation ? undefined : getAddress(String(to)),
    mint,
    value,
    gas,
    data,
    place: BigInt(log.blockNumber) * LOGS_OF_A_BLOCK + BigInt(log.logIndex),
  };
}

/** The deposits that an L1 transaction made. */
export const depositsOf = (
  { logs, blockHash }: SendingReceipt,
  { portal }: Pick<Contracts, "portal">,
): Deposit[] =>
  logs
    .filter(
      ({ address, topics: [topic] }) => address === portal.toLowerCase() && topic === TRANSACTION_DEPOSITED,
    )
    .map((log) => depositOf(log, blockHash));
