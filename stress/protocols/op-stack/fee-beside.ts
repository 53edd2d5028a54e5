import { Transaction } from "ethers";
import {
  classifyRpcError,
  isTransient,
  MalformedAnswer,
  callContract,
  type Node,
} from "../../engine/rpc/index.ts";
import { TRANSFER_GAS } from "../../engine/transactions/index.ts";
import { ABI } from "./contracts.ts";
import { PREDEPLOYS } from "./predeploys.ts";

/** A tenth more, because L1's base fee may rise until it is mined. */
const ROOM = { of: 11n, to: 10n };

/**
 * What L2 charges for a transfer beside its gas, with room: the fee for its data on L1, and since Isthmus the operator's. 0 where the
 * chain has no such fee. Wei.
 */
export async function feeBeside(l2: Node, to: string): Promise<bigint> {
  const price = 2n ** 40n;
  const { unsignedSerialized } = Transaction.from({
    type: 2,
    chainId: 1n,
    nonce: 0xffff,
    to,
    value: 2n ** 70n,
    gasLimit: TRANSFER_GAS,
    maxFeePerGas: price,
    maxPriorityFeePerGas: price,
  });
  const [data, operator] = await Promise.all([
    quoted(l2, "getL1Fee", unsignedSerialized),
    quoted(l2, "getOperatorFee", TRANSFER_GAS),
  ]);
  // The operator's is what gas and scalars say, and nothing that moves.
  return (data * ROOM.of) / ROOM.to + operator;
}

/** What the oracle says; 0 where it has no such function, as before the fork that brought it. */
async function quoted(l2: Node, method: string, of: unknown): Promise<bigint> {
  try {
    const [quote] = await callContract(l2, ABI.GasPriceOracle, PREDEPLOYS.gasPriceOracle, method, [of]);
    return BigInt(String(quote));
  } catch (error) {
    if (error instanceof MalformedAnswer) return 0n;
    const failure = classifyRpcError(error);
    if ((isTransient(failure) && failure !== "busy") || failure === "own mistake") throw error;
    return 0n;
  }
}
