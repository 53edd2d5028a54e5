import { Transaction } from "ethers";
import {
  callContract,
  classifyRpcError,
  isTransient,
  MalformedAnswer,
  type Node,
} from "../engine/rpc/index.ts";
import { TRANSFER_GAS } from "../engine/base/index.ts";
import { GAS_PRICE_ORACLE } from "./fees.ts";

/**
 * What a rollup reserves for a transfer's data on L1, with a tenth more because L1's base fee may rise until it is mined.
 * 0 on rollups without a gas price oracle. Wei.
 *
 * @param oracle the gas price oracle's address
 */
export async function l1DataFee(l2: Node, oracle: string, to: string): Promise<bigint> {
  const fee = 2n ** 40n;
  const { unsignedSerialized } = Transaction.from({
    type: 2,
    chainId: 1n,
    nonce: 0xffff,
    to,
    value: 2n ** 70n,
    gasLimit: TRANSFER_GAS,
    maxFeePerGas: fee,
    maxPriorityFeePerGas: fee,
  });
  try {
    const [quote] = await callContract(l2, GAS_PRICE_ORACLE, oracle, "getL1Fee", [unsignedSerialized]);
    return (BigInt(String(quote)) * 11n) / 10n;
  } catch (error) {
    // An address without code returns nothing.
    if (error instanceof MalformedAnswer) return 0n;
    const failure = classifyRpcError(error);
    if ((isTransient(failure) && failure !== "busy") || failure === "own mistake") throw error;
    return 0n;
  }
}
