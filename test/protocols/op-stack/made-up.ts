import { concat, type Interface, keccak256, toBeHex, ZeroHash } from "ethers";
import type { Log, TxHash } from "../../../stress/engine/rpc/index.ts";
import { ABI, Contracts } from "../../../stress/protocols/op-stack/contracts.ts";
import type { CrossDomainMessage } from "../../../stress/protocols/op-stack/messages.ts";
import { encodeRelay } from "../../../stress/protocols/op-stack/messages.ts";
import type { Withdrawal } from "../../../stress/protocols/op-stack/withdrawals/withdrawal.ts";
import { hashOf } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";

/** Contracts at made-up addresses. */
export const contracts = new Contracts({
  portal: addressOf(500),
  systemConfig: addressOf(501),
  l1Messenger: addressOf(502),
  l1Bridge: addressOf(503),
  factory: addressOf(504),
  oracle: undefined,
  registry: undefined,
  l1Teleportation: undefined,
  l2Teleportation: undefined,
  l1Token: undefined,
  l2Token: undefined,
});

export const child = addressOf(510);

/** Events of one block, in their order, each with its transaction. */
export class Logs {
  readonly #block: number;
  readonly logs: Log[] = [];

  constructor(block = 7) {
    this.#block = block;
  }

  add(by: string, address: string, abi: Interface, event: string, args: readonly unknown[]): this {
    const { topics, data } = abi.encodeEventLog(event, args);
    return this.#push(by, address, topics, data);
  }

  #push(by: string, address: string, topics: readonly string[], data: string): this {
    this.logs.push({
      address: address.toLowerCase(),
      topics,
      data,
      blockNumber: this.#block,
      transactionHash: hashOf(by),
      logIndex: this.logs.length,
    });
    return this;
  }

  /** What Glamsterdam writes for each transfer of ETH, ahead of the contracts' own. */
  transfer(by: string): this {
    const topic = keccak256("0x7472616e73666572");
    return this.#push(by, "0xfffffffffffffffffffffffffffffffffffffffe", [topic], "0x");
  }

  sent(by: string, messenger: string, message: CrossDomainMessage): this {
    const { target, sender, message: data, messageNonce, minGas, value } = message;
    const abi = ABI.CrossDomainMessenger;
    return this.add(by, messenger, abi, "SentMessage", [target, sender, data, messageNonce, minGas]).add(
      by,
      messenger,
      abi,
      "SentMessageExtension1",
      [sender, value],
    );
  }

  relayed(by: string, messenger: string, id: string, succeeded = true): this {
    const event = succeeded ? "RelayedMessage" : "FailedRelayedMessage";
    return this.add(by, messenger, ABI.CrossDomainMessenger, event, [id]);
  }

  paid(by: string, bridge: string, to: string, amount: bigint): this {
    return this.add(by, bridge, ABI.StandardBridge, "ETHBridgeFinalized", [to, to, amount, "0x"]);
  }

  /** What the portal emits for a deposit of this message's. */
  deposited(by: string, { value }: CrossDomainMessage): this {
    const opaque = concat([toBeHex(value, 32), toBeHex(value, 32), toBeHex(1n, 8), "0x00"]);
    const args = [addressOf(520), contracts.messenger[2], 0, opaque];
    return this.add(by, contracts.portal, ABI.OptimismPortal, "TransactionDeposited", args);
  }

  passed(by: string, withdrawal: Withdrawal): this {
    const { nonce, sender, target, value, gasLimit, data, hash } = withdrawal;
    const args = [nonce, sender, target, value, gasLimit, data, hash];
    return this.add(by, contracts.messagePasser, ABI.L2ToL1MessagePasser, "MessagePassed", args);
  }

  finalised(by: string, hash: string, success: boolean): this {
    return this.add(by, contracts.portal, ABI.OptimismPortal, "WithdrawalFinalized", [hash, success]);
  }
}

/** A message of the standard bridge that brings ETH to the child. */
export const messageOf = (value: bigint, nonce = 1n): CrossDomainMessage => ({
  messageNonce: (1n << 240n) + nonce,
  sender: contracts.bridge[1],
  target: contracts.bridge[2],
  value,
  minGas: 200_000n,
  message: "0x1234",
});

/** A withdrawal that carries a message. */
export function withdrawalOf(message: CrossDomainMessage, block = 7): Withdrawal {
  const data = encodeRelay(message);
  return {
    nonce: message.messageNonce,
    sender: contracts.messenger[2],
    target: contracts.messenger[1],
    value: message.value,
    gasLimit: 500_000n,
    data,
    hash: keccak256(concat([ZeroHash, data])),
    message: keccak256(data) as Withdrawal["message"],
    block,
  };
}

/** Facts of a block that has these events. */
export const factsOf = ({ logs }: Logs, number = 7) => ({
  block: {
    number,
    hash: hashOf(`block ${number}`) as string,
    parentHash: ZeroHash,
    baseFee: 1n,
    timestamp: 0,
    hasReceipts: true,
    transactions: [...new Set(logs.map(({ transactionHash }) => transactionHash))] as TxHash[],
    logsBloom: undefined,
  },
  logs,
  receipts: [],
});
