import { type Chain, type PerChain, perChain, TRANSFER_GAS } from "../base/index.ts";
import { classifyRpcError, type Node, type TrialCall } from "../rpc/index.ts";

/**
 * An estimate this close above what transfers take on most chains may be no more than where a node's search ended: Hardhat's EDR
 * never tries the least that it could be, and tells 21,001. geth searches until it is this near (`estimateGasErrorRatio`, 1.5 %).
 */
const SEARCH_ERROR = (TRANSFER_GAS * 15n) / 1000n;

/**
 * What plain transfers take, by chain and recipient. 21,000 is no law: a recipient may be an account that runs code (EIP-7702),
 * and a chain may price transfers otherwise. It is estimated once for each recipient, and remembered.
 */
export class TransferGas {
  readonly #nodes: PerChain<Pick<Node, "estimateGas" | "suffices">>;
  readonly #known = perChain(() => new Map<string, Promise<bigint>>());
  readonly #most: Record<Chain, bigint> = { 1: TRANSFER_GAS, 2: TRANSFER_GAS };

  constructor(nodes: PerChain<Pick<Node, "estimateGas" | "suffices">>) {
    this.#nodes = nodes;
  }

  /** The most that a transfer is known to take on a chain: nothing takes less than some transfer. */
  most(chain: Chain): bigint {
    return this.#most[chain];
  }

  /** Gas of a transfer between these. Where the chain does not tell, it is what a transfer takes on most, for this time. */
  async of(chain: Chain, from: string, to: string): Promise<bigint> {
    const here = this.#known[chain];
    const known = here.get(to);
    const asked = known ?? this.#ask(chain, from, to);
    if (known === undefined) here.set(to, asked);
    try {
      return await asked;
    } catch (error) {
      if (here.get(to) === asked) here.delete(to);
      if (classifyRpcError(error) === "own mistake") throw error;
      // Some nodes tell nobody who could not pay for it: then whoever else waited asks for itself.
      return known === undefined ? this.#most[chain] : this.of(chain, from, to);
    }
  }

  /** A transfer that ran out of gas: its recipient is asked about anew. */
  forget(chain: Chain, to: string): void {
    this.#known[chain].delete(to);
  }

  async #ask(chain: Chain, from: string, to: string): Promise<bigint> {
    // One wei, as who sends all that it has could not pay for an estimate of it.
    const call = { from, to, data: "0x", value: 1n };
    const estimated = await this.#nodes[chain].estimateGas(call);
    const isNear = estimated > TRANSFER_GAS && estimated <= TRANSFER_GAS + SEARCH_ERROR;
    const gas = isNear && (await this.#isPlain(chain, call)) ? TRANSFER_GAS : estimated;
    if (gas > this.#most[chain]) this.#most[chain] = gas;
    return gas;
  }

  /** Whether a transfer takes what it takes on most chains. Where nobody tells, the estimate holds: it is enough in any case. */
  async #isPlain(chain: Chain, call: TrialCall): Promise<boolean> {
    try {
      return await this.#nodes[chain].suffices(TRANSFER_GAS, call);
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      return false;
    }
  }
}
