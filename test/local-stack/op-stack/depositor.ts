import {
  Contract,
  type BaseWallet,
  HDNodeWallet,
  Interface,
  type JsonRpcProvider,
  type TransactionReceipt,
  type TransactionResponse,
} from "ethers";
import { getL2TransactionHashes } from "viem/op-stack";
import { until } from "../faults/until.ts";
import type { OpBed } from "./op-bed.ts";

const TEST_MNEMONIC = "test test test test test test test test test test test junk";

/** The root of the test accounts: deriving it takes longer than all else about a transaction. */
const root = HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, "m/44'/60'/0'/0");

/** One of the stack's test accounts. */
export const account = (index: number): HDNodeWallet => root.deriveChild(index);

export const PORTAL = new Interface([
  "function depositTransaction(address to, uint256 value, uint64 gasLimit, bool isCreation, bytes data) payable",
]);

/** What a deposit through the portal asks for. */
export interface Asked {
  readonly to: string;
  readonly value?: bigint;
  /** Wei that come along from L1; as much as the value where it is left out. */
  readonly mint?: bigint;
  readonly gas?: bigint;
  readonly isCreation?: boolean;
  readonly data?: string;
}

/** L1's gas limit of a deposit: what it burns depends on those of its block. */
const L1_GAS = 2_000_000n;

/** A receipt as a node's JSON-RPC tells it. */
export type RawReceipt = Readonly<Record<string, string>> & {
  readonly logs: readonly Readonly<Record<string, string>>[];
};

/** Deposits of a test account through the portal of a stack. */
export class Depositor {
  readonly #bed: OpBed;
  readonly #wallet: BaseWallet;

  constructor(bed: OpBed, wallet: BaseWallet) {
    this.#bed = bed;
    this.#wallet = wallet;
  }

  /** Sends a deposit to L1's pool. */
  async send(asked: Asked, nonce?: number): Promise<TransactionResponse> {
    const { to, value = 0n, gas = 100_000n, isCreation = false, data = "0x" } = asked;
    const portal = new Contract(this.#bed.at("portal"), PORTAL, this.#wallet.connect(this.#bed.providers[1]));
    return portal.getFunction("depositTransaction").send(to, value, gas, isCreation, data, {
      value: asked.mint ?? value,
      gasLimit: L1_GAS,
      ...(nonce === undefined ? {} : { nonce }),
    });
  }

  /** Deposits, and waits for what L2 makes of it. */
  async deposit(asked: Asked): Promise<RawReceipt> {
    const sent = await this.send(asked);
    const [hash = ""] = await this.hashesOf(await sent.wait());
    return derived(this.#bed.providers[2], hash);
  }

  /** The hashes that the field's client reckons of a receipt's deposits. */
  async hashesOf(receipt: TransactionReceipt | null): Promise<readonly string[]> {
    if (receipt?.status !== 1) throw new Error("the deposit failed on L1");
    const raw = (await this.#bed.providers[1].send("eth_getTransactionReceipt", [receipt.hash])) as {
      logs: never[];
    };
    return getL2TransactionHashes({ logs: raw.logs });
  }
}

/** Waits until L2 has a deposit. */
export const derived = (l2: JsonRpcProvider, hash: string): Promise<RawReceipt> =>
  until(`deposit ${hash}`, async () => {
    const receipt: unknown = await l2.send("eth_getTransactionReceipt", [hash]);
    return receipt === null ? undefined : (receipt as RawReceipt);
  });
