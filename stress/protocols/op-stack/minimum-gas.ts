import { concat, toBeHex } from "ethers";
import type { PerChain } from "../../engine/base/index.ts";
import { classifyRpcError, type Node } from "../../engine/rpc/index.ts";
import { aliasOf } from "./alias.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { encodeRelay } from "./messages.ts";

/** What moving ETH takes beside the rest of a call, to an account that is not there yet: twice the value's own 9,000, and 25,000. */
const FOR_VALUE = 43_000n;

/** What clients of the field ask for where nothing is known. */
const CUSTOMARY = 200_000n;

/** Room for what changes between the estimate and the arrival: a fifth. */
const ROOM = { of: 6n, to: 5n };

/** A nonce that no message has: version 1, and a number that no messenger comes to. */
const UNUSED_NONCE = concat([toBeHex(1, 2), toBeHex(2n ** 239n, 30)]);

/** Recipient of the estimate's message: somebody whom nobody knows. */
const ANYBODY = "0x000000000000000000000000000000000000beef";

/** Gas that what arrives may use. It is asked for, never set: what is too little fails, what is too much is burnt on L1. */
export class MinimumGas {
  readonly #nodes: PerChain<Pick<Node, "estimateGas">>;
  /** Of a message of the standard bridge that brings ETH, on either chain. */
  readonly bridged: bigint;

  private constructor(nodes: PerChain<Pick<Node, "estimateGas">>, bridged: bigint) {
    this.#nodes = nodes;
    this.bridged = bridged;
  }

  static async open(nodes: PerChain<Pick<Node, "estimateGas">>, contracts: Contracts): Promise<MinimumGas> {
    return new MinimumGas(nodes, ((await relayGas(nodes[2], contracts)) * ROOM.of) / ROOM.to);
  }

  /** Of a plain payment to an account on L2, as the portal's deposit carries it out. */
  async paid(to: string): Promise<bigint> {
    const gas = await this.#nodes[2].estimateGas({ from: to, to, data: "0x", value: 0n });
    return (gas * ROOM.of) / ROOM.to;
  }
}

/**
 * What a whole relay of an ETH message takes on L2, which is more than its target uses: the call that the sequencer makes, without the
 * value that nobody has before it is minted.
 */
async function relayGas(l2: Pick<Node, "estimateGas">, { messenger, bridge }: Contracts): Promise<bigint> {
  const data = encodeRelay({
    messageNonce: BigInt(UNUSED_NONCE),
    sender: bridge[1],
    target: bridge[2],
    value: 0n,
    minGas: 0n,
    message: ABI.StandardBridge.encodeFunctionData("finalizeBridgeETH", [ANYBODY, ANYBODY, 0, "0x"]),
  });
  try {
    const from = aliasOf(messenger[1]);
    return (await l2.estimateGas({ from, to: messenger[2], data, value: 0n })) + FOR_VALUE;
  } catch (error) {
    if (classifyRpcError(error) === "own mistake") throw error;
    // A node that refuses to estimate for an account without money says nothing of the message.
    return CUSTOMARY;
  }
}
