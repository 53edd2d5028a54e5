import {
  HDNodeWallet,
  Interface,
  type JsonRpcProvider,
  Mnemonic,
  parseEther,
  Transaction,
  type TransactionReceipt,
} from "ethers";
import { expect } from "vitest";
import { resolveAddresses } from "../../../fixtures/target/addresses.ts";
import type { Chain, PerChain } from "../../../stress/engine/base/chain.ts";
import { ovmAddresses } from "../../../stress/protocols/ovm2/addresses.ts";
import { ABI, type Addresses } from "../../../stress/protocols/ovm2/contracts.ts";
import { ovm2 } from "../../../stress/protocols/ovm2/index.ts";
import { messageId } from "../../../stress/protocols/ovm2/messages.ts";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import type { TestBed } from "../../run/running.ts";
import { until } from "../faults/until.ts";

/** The ways across, by operation code. */
export type Way = "FO" | "SO" | "FX" | "SX";

export const RECEIVING: Readonly<Record<Way, Chain>> = { FO: 2, SO: 2, FX: 1, SX: 1 };

const messenger = new Interface([
  "event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit)",
  "event RelayedMessage(bytes32 indexed msgHash)",
]);

const LIQUIDITY = parseEther("100");

/** Gas of the dearest deposit, with room. */
const GAS = 2_000_000n;

/** A fee offer that no base fee of a quiet chain comes near. */
export const FEES = { maxFeePerGas: 20n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n };

const phrase = Mnemonic.fromPhrase("test test test test test test test test test test test junk");

/** The root of the test accounts: deriving it takes longer than all else about a transaction. */
const root = HDNodeWallet.fromMnemonic(phrase, "m/44'/60'/0'/0");

/** One of the stack's test accounts. */
export const account = (index: number): HDNodeWallet => root.deriveChild(index);

/** What paid a crossing out: the event of pool or bridge in the relaying transaction. */
export interface Payment {
  readonly to: string;
  readonly amount: bigint;
  readonly block: number;
  readonly index: number;
}

/** Crossings through the contracts of a stack, with plain ethers. Test account 0 provides the pools' liquidity. */
export class Bridge {
  readonly #providers: PerChain<JsonRpcProvider>;
  readonly #nonces = new Map<string, number>();
  readonly pools: PerChain<string>;
  readonly l1Bridge: string;
  readonly #messengers: PerChain<readonly string[]>;

  private constructor(bed: TestBed, addresses: Addresses) {
    this.#providers = bed.providers;
    this.pools = { 1: addresses.l1Pool, 2: addresses.l2Pool };
    this.l1Bridge = addresses.l1Bridge;
    this.#messengers = { 1: [addresses.l1Messenger, addresses.fastMessenger], 2: [PREDEPLOYS.messenger] };
  }

  static async open(bed: TestBed): Promise<Bridge> {
    const addresses = ovmAddresses(await resolveAddresses(bed.stack.addresses, ovm2));
    const bridge = new Bridge(bed, addresses);
    const stakes = ([1, 2] as const).map(async (chain) => {
      const pool = chain === 1 ? ABI.L1LiquidityPool : ABI.L2LiquidityPool;
      const eth = chain === 1 ? `0x${"0".repeat(40)}` : PREDEPLOYS.eth;
      const data = pool.encodeFunctionData("addLiquidity", [LIQUIDITY, eth]);
      return bridge.receiptOf(chain, await bridge.send(chain, 0, bridge.pools[chain], LIQUIDITY, data));
    });
    for (const { status } of await Promise.all(stakes)) expect(status).toBe(1);
    return bridge;
  }

  /** Signs a transaction with the account's next nonce. */
  async sign(
    chain: Chain,
    from: number,
    to: string,
    value: bigint,
    data = "0x",
    fees = FEES,
  ): Promise<string> {
    const key = `${chain}/${from}`;
    const wallet = account(from);
    const provider = this.#providers[chain];
    const nonce = this.#nonces.get(key) ?? (await provider.getTransactionCount(wallet.address));
    this.#nonces.set(key, nonce + 1);
    const chainId = chain === 1 ? 31_337n : 31_338n;
    return wallet.signTransaction({ type: 2, chainId, nonce, to, value, data, gasLimit: GAS, ...fees });
  }

  /** Sends, and returns the raw transaction: it may have to be sent again. */
  async send(chain: Chain, from: number, to: string, value: bigint, data = "0x"): Promise<string> {
    const raw = await this.sign(chain, from, to, value, data);
    await this.broadcast(chain, raw);
    return raw;
  }

  async broadcast(chain: Chain, raw: string): Promise<string> {
    return String(await this.#providers[chain].send("eth_sendRawTransaction", [raw]));
  }

  /** Sends a crossing of test account `from`. */
  cross(way: Way, from: number, amount: bigint): Promise<string> {
    const eth1 = `0x${"0".repeat(40)}`;
    switch (way) {
      case "FO": {
        const data = ABI.L1LiquidityPool.encodeFunctionData("clientDepositL1", [0, eth1]);
        return this.send(1, from, this.pools[1], amount, data);
      }
      case "SO": {
        const data = ABI.L1StandardBridge.encodeFunctionData("depositETH", [1_000_000, "0x"]);
        return this.send(1, from, this.l1Bridge, amount, data);
      }
      case "FX": {
        const data = ABI.L2LiquidityPool.encodeFunctionData("clientDepositL2", [amount, PREDEPLOYS.eth]);
        return this.send(2, from, this.pools[2], amount, data);
      }
      case "SX": {
        const data = ABI.L2StandardBridge.encodeFunctionData("withdraw", [PREDEPLOYS.eth, amount, 0, "0x"]);
        return this.send(2, from, PREDEPLOYS.standardBridge, 0n, data);
      }
    }
  }

  /** Sends a crossing and waits for its message. */
  async message(way: Way, from: number, amount: bigint): Promise<string> {
    return this.messageOf(way, await this.cross(way, from, amount));
  }

  /** The message id of a crossing that was mined. */
  async messageOf(way: Way, raw: string): Promise<string> {
    const receipt = await this.receiptOf(RECEIVING[way] === 1 ? 2 : 1, raw);
    expect(receipt.status, way).toBe(1);
    for (const log of receipt.logs) {
      const sent = messenger.parseLog(log);
      if (sent?.name !== "SentMessage") continue;
      const [target, sender, message, messageNonce] = sent.args as unknown as [
        string,
        string,
        string,
        bigint,
      ];
      return messageId({ target, sender, message, messageNonce });
    }
    throw new Error(`${way} sent no message`);
  }

  async receiptOf(chain: Chain, raw: string): Promise<TransactionReceipt> {
    const hash = Transaction.from(raw).hash ?? "";
    return until(`receipt of ${hash}`, async () => {
      return (await this.#providers[chain].getTransactionReceipt(hash)) ?? undefined;
    });
  }

  /** Transactions that relayed a message. */
  async relaysOf(way: Way, id: string): Promise<TransactionReceipt[]> {
    const chain = RECEIVING[way];
    const topic = messenger.getEvent("RelayedMessage")?.topicHash ?? "";
    const address = [...this.#messengers[chain]];
    const logs = await this.#providers[chain].getLogs({ address, topics: [topic, id], fromBlock: 0 });
    return Promise.all(logs.map((log) => this.#receipt(chain, log.transactionHash)));
  }

  async #receipt(chain: Chain, hash: string): Promise<TransactionReceipt> {
    const receipt = await this.#providers[chain].getTransactionReceipt(hash);
    if (receipt === null) throw new Error(`no receipt of ${hash}`);
    return receipt;
  }

  /** Waits until a message was relayed `times` times. */
  async relayed(way: Way, id: string, times = 1): Promise<TransactionReceipt[]> {
    return until(`${times} relays of ${way} ${id}`, async () => {
      const relays = await this.relaysOf(way, id);
      return relays.length >= times ? relays : undefined;
    });
  }

  /** Waits for a message's payments, and returns them. */
  async payments(way: Way, id: string, times = 1): Promise<Payment[]> {
    return (await this.relayed(way, id, times)).map((receipt) => this.#payment(way, receipt));
  }

  #payment(way: Way, receipt: TransactionReceipt): Payment {
    const abi = {
      FO: ABI.L2LiquidityPool,
      SO: ABI.L2StandardBridge,
      FX: ABI.L1LiquidityPool,
      SX: ABI.L1StandardBridge,
    }[way];
    const events = {
      FO: "ClientPayL2",
      SO: "DepositFinalized",
      FX: "ClientPayL1",
      SX: "ETHWithdrawalFinalized",
    };
    for (const log of receipt.logs) {
      const event = abi.parseLog(log);
      if (event?.name !== events[way]) continue;
      const [to, amount] = way.startsWith("F") ? ["sender", "amount"] : ["_to", "_amount"];
      return {
        to: String(event.args[to ?? ""]),
        amount: BigInt(event.args[amount ?? ""]),
        block: receipt.blockNumber,
        index: receipt.index,
      };
    }
    throw new Error(`${way}: the relay ${receipt.hash} paid nothing`);
  }
}
