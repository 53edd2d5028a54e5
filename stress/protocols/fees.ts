import {
  type BlockTag,
  callContract,
  classifyRpcError,
  isTransient,
  MalformedAnswer,
  type FeeLine,
  type Node,
  quantity,
  type RawReceipt,
} from "../engine/rpc/index.ts";
import { Abi } from "./abi.ts";

/** What rollups charge beside gas × price, by what the books call it. */
export const L1_DATA_FEE = "L1 data fee";
export const OPERATOR_FEE = "operator fee";

/** Isthmus charges gas × scalar / this (specs.optimism.io/protocol/isthmus/exec-engine.html), and the constant. */
const ISTHMUS_UNIT = 10n ** 6n;

/** Jovian charges gas × scalar × this (specs.optimism.io/protocol/jovian/exec-engine.html), and the constant. */
const JOVIAN_FACTOR = 100n;

/**
 * What a receipt of an OP Stack rollup, or of a legacy one, tells that was charged beside gas × price: the fee for the data on
 * L1, and since Isthmus the operator's. Receipts leave out what a chain does not charge.
 *
 * @throws {MalformedAnswer} where a field is no quantity
 */
export function readRollupFees(receipt: RawReceipt): FeeLine[] {
  const { l1Fee = null, operatorFeeScalar = null, operatorFeeConstant = null } = receipt;
  const lines: FeeLine[] = [];
  if (l1Fee !== null) lines.push({ cause: L1_DATA_FEE, wei: quantity(l1Fee, "l1Fee") });
  const scalar = quantity(operatorFeeScalar ?? "0x0", "operatorFeeScalar");
  const constant = quantity(operatorFeeConstant ?? "0x0", "operatorFeeConstant");
  if (scalar === 0n && constant === 0n) return lines;
  const product = quantity(receipt["gasUsed"], "gasUsed") * scalar;
  // A field of Jovian's, which no receipt has before it: its fee is reckoned otherwise.
  const isJovian = (receipt["daFootprintGasScalar"] ?? null) !== null;
  const perGas = isJovian ? product * JOVIAN_FACTOR : product / ISTHMUS_UNIT;
  lines.push({ cause: OPERATOR_FEE, wei: perGas + constant });
  return lines;
}

/** What a rollup's operator charges for gas. Wei. */
export interface OperatorFee {
  readonly constant: bigint;
  /** For each billion of gas. */
  readonly perBillionGas: bigint;
}

export const NO_OPERATOR_FEE: OperatorFee = { constant: 0n, perBillionGas: 0n };

const BILLION = 10n ** 9n;

/** The most that the operator charges for so much gas: rounded up, where the chain rounds down. Wei. */
export const operatorFeeOf = ({ constant, perBillionGas }: OperatorFee, gas: bigint): bigint =>
  constant + (gas * perBillionGas + BILLION - 1n) / BILLION;

/** The predeploy that tells what is charged: the same on legacy rollups and on the OP Stack, which has the second since Isthmus. */
export const GAS_PRICE_ORACLE = new Abi([
  "function getL1Fee(bytes data) view returns (uint256)",
  "function getOperatorFee(uint256 gasUsed) view returns (uint256)",
]);

/**
 * Reads what the operator charges. The gas price oracle knows the formula of its fork, and each is a line: two of its points
 * tell it.
 *
 * @param oracle the gas price oracle's address
 * @returns nothing of a fee where the rollup has none, or no such oracle
 */
export async function readOperatorFee(
  node: Pick<Node, "call">,
  oracle: string,
  block?: BlockTag,
): Promise<OperatorFee> {
  const at = async (gas: bigint): Promise<bigint> => {
    const [fee] = await callContract(node, GAS_PRICE_ORACLE, oracle, "getOperatorFee", [gas], block);
    return BigInt(String(fee));
  };
  try {
    const [constant, all] = await Promise.all([at(0n), at(BILLION)]);
    return { constant, perBillionGas: all - constant };
  } catch (error) {
    // An address without code returns nothing, and an oracle of before Isthmus reverts.
    if (error instanceof MalformedAnswer) return NO_OPERATOR_FEE;
    const failure = classifyRpcError(error);
    if (isTransient(failure) || failure === "own mistake") throw error;
    return NO_OPERATOR_FEE;
  }
}
