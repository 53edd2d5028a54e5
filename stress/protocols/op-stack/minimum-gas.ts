import { concat, toBeHex } from "ethers";
import { type PerChain, TRANSFER_GAS } from "../../engine/base/index.ts";
import { classifyRpcError, isTransient, type Node } from "../../engine/rpc/index.ts";
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
  /** Of one that brings tokens: as much as ETH takes where the target has none. */
  readonly bridgedTokens: bigint;
  /** Such messages, to somebody; of tokens none where the target has none. */
  readonly etherMessage: string;
  readonly tokenMessage: string | undefined;

  private constructor(
    nodes: PerChain<Pick<Node, "estimateGas">>,
    known: Pick<MinimumGas, "bridged" | "bridgedTokens" | "etherMessage" | "tokenMessage">,
  ) {
    this.#nodes = nodes;
    this.bridged = known.bridged;
    this.bridgedTokens = known.bridgedTokens;
    this.etherMessage = known.etherMessage;
    this.tokenMessage = known.tokenMessage;
  }

  static async open(nodes: PerChain<Pick<Node, "estimateGas">>, contracts: Contracts): Promise<MinimumGas> {
    const { token } = contracts;
    const encode = (method: string, args: readonly unknown[]) =>
      ABI.StandardBridge.encodeFunctionData(method, args);
    const etherMessage = encode("finalizeBridgeETH", [ANYBODY, ANYBODY, 0, "0x"]);
    const tokenMessage =
      token && encode("finalizeBridgeERC20", [token[2], token[1], ANYBODY, ANYBODY, 1, "0x"]);
    const [ofEther, ofTokens] = await Promise.all([
      relayGas(nodes[2], contracts, etherMessage, FOR_VALUE),
      tokenMessage === undefined ? undefined : relayGas(nodes[2], contracts, tokenMessage),
    ]);
    const [bridged, bridgedTokens] = [withRoom(ofEther), withRoom(ofTokens ?? ofEther)];
    return new MinimumGas(nodes, { bridged, bridgedTokens, etherMessage, tokenMessage });
  }

  /** Of a plain payment to an account on L2, as the portal's deposit carries it out. */
  async paid(to: string): Promise<bigint> {
    const call = { from: to, to, data: "0x", value: 0n, isFree: true };
    return withRoom(await estimatedOr(TRANSFER_GAS, () => this.#nodes[2].estimateGas(call)));
  }
}

const withRoom = (gas: bigint): bigint => (gas * ROOM.of) / ROOM.to;

/**
 * What a whole relay of the standard bridge's message takes on L2, which is more than its target uses: the call that the sequencer makes,
 * without the value that nobody has before it is minted.
 *
 * @param beside what it takes more where it has its value
 */
async function relayGas(
  l2: Pick<Node, "estimateGas">,
  { messenger, bridge }: Contracts,
  message: string,
  beside = 0n,
): Promise<bigint> {
  const nonce = BigInt(UNUSED_NONCE);
  const relayed = {
    messageNonce: nonce,
    sender: bridge[1],
    target: bridge[2],
    value: 0n,
    minGas: 0n,
    message,
  };
  const from = aliasOf(messenger[1]);
  const call = { from, to: messenger[2], data: encodeRelay(relayed), value: 0n, isFree: true };
  return estimatedOr(CUSTOMARY, async () => (await l2.estimateGas(call)) + beside);
}

/** An estimate. A node that makes none for a sender without money, for the L1 fee's sake, says nothing of the call. */
async function estimatedOr(otherwise: bigint, estimate: () => Promise<bigint>): Promise<bigint> {
  try {
    return await estimate();
  } catch (error) {
    const failure = classifyRpcError(error);
    if (isTransient(failure) || failure === "own mistake") throw error;
    return otherwise;
  }
}
