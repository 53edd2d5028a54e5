import type { Node } from "../engine/rpc/index.ts";
import { TRANSFER_GAS } from "../engine/base/index.ts";
import { L1_DATA_FEE, NO_OPERATOR_FEE, OPERATOR_FEE, operatorFeeOf, readOperatorFee } from "./fees.ts";
import { l1DataFee } from "./data-fee.ts";

/** Blocks after which it is read anew what is charged for gas: it hardly ever changes. */
const EVERY_BLOCKS = 32;

/** An address that nobody has anything at: what any transfer is charged beside its gas. */
const ANYBODY = "0x000000000000000000000000000000000000dEaD";

/** What L2 charges beside gas × price: for data on L1, and for the operator. Wei. */
export class L2Fees {
  readonly #node: Node;
  readonly #oracle: string;
  #operator = NO_OPERATOR_FEE;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  /** What data costs, while it is asked for. By the address that is paid. */
  readonly #asked = new Map<string, Promise<bigint>>();

  /** @param oracle the gas price oracle's address */
  constructor(node: Node, oracle: string) {
    this.#node = node;
    this.#oracle = oracle;
  }

  /** Reads the operator's fee, in the state of a block or in the newest that is known. */
  async read(block?: number): Promise<void> {
    this.#operator = await readOperatorFee(this.#node, this.#oracle, block);
  }

  /** Reads it anew where that is long ago. */
  async refresh(block: number): Promise<void> {
    if (block < this.#readAt + EVERY_BLOCKS) return;
    await this.read(block);
    this.#readAt = block;
  }

  /** Reads it as it is now. Hundreds ask at once when everything is given back: those that ask while it is read have one answer. */
  #readNow(): Promise<void> {
    this.#reading ??= this.read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** So it is with what a transfer's data costs: an account that is given back pays the same funder as all others. */
  #forData(to: string): Promise<bigint> {
    const asked =
      this.#asked.get(to) ??
      l1DataFee(this.#node, this.#oracle, to).finally(() => void this.#asked.delete(to));
    this.#asked.set(to, asked);
    return asked;
  }

  /** At most, as far as is known. */
  onGas(gas: bigint): bigint {
    return operatorFeeOf(this.#operator, gas);
  }

  /** All that a plain transfer is charged, with room for the fee for data to grow. */
  async ofTransfer(to: string, gas: bigint): Promise<bigint> {
    const [forData] = await Promise.all([this.#forData(to), this.#readNow()]);
    return forData + this.onGas(gas);
  }

  /** The causes of what is charged now. */
  async charged(): Promise<readonly string[]> {
    const [forData] = await Promise.all([this.#forData(ANYBODY), this.#readNow()]);
    const forGas = this.onGas(TRANSFER_GAS);
    return [...(forData > 0n ? [L1_DATA_FEE] : []), ...(forGas > 0n ? [OPERATOR_FEE] : [])];
  }
}
