import { AbiCoder, keccak256 } from "ethers";
import type { MessageId } from "../../../engine/chain/index.ts";
import type { Log } from "../../../engine/rpc/index.ts";
import { decodeEvent, topicOf } from "../../decode.ts";
import { ABI } from "../contracts.ts";
import { PREDEPLOYS } from "../predeploys.ts";

/** What is withdrawn, as L1's portal wants it. Wei. */
export interface Withdrawal {
  readonly nonce: bigint;
  readonly sender: string;
  readonly target: string;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly data: string;
  /** `Hashing.hashWithdrawal` of the above: what L2 keeps, and L1 is proved. */
  readonly hash: string;
  /** The message that it carries: withdrawn through a messenger, its data are the call that relays it. */
  readonly message: MessageId;
  /** The L2 block that it is in. */
  readonly block: number;
}

export const MESSAGE_PASSED = topicOf(ABI.L2ToL1MessagePasser, "MessagePassed");

const PASSER = PREDEPLOYS.messagePasser.toLowerCase();

/** The withdrawals among some events of L2, in their order. */
export const withdrawalsIn = (logs: readonly Log[]): Withdrawal[] =>
  logs
    .filter(({ address, topics }) => address === PASSER && topics[0] === MESSAGE_PASSED)
    .map((log) => {
      const passed = decodeEvent(ABI.L2ToL1MessagePasser, "MessagePassed", log);
      const data = String(passed["data"]);
      return {
        nonce: BigInt(passed["nonce"]),
        sender: String(passed["sender"]),
        target: String(passed["target"]),
        value: BigInt(passed["value"]),
        gasLimit: BigInt(passed["gasLimit"]),
        data,
        hash: String(passed["withdrawalHash"]),
        message: keccak256(data) as MessageId,
        block: log.blockNumber,
      };
    });

/** A withdrawal as the portal's functions take it. */
export const asTuple = ({ nonce, sender, target, value, gasLimit, data }: Withdrawal) =>
  [nonce, sender, target, value, gasLimit, data] as const;

/** Where L2's message passer keeps that a withdrawal was made: `sentMessages`, the mapping at slot 0. */
export const slotOf = (hash: string): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [hash, 0]));
