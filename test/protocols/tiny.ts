import { AbiCoder, getAddress, id } from "ethers";
import { type Chain, CHAINS, type PerChain } from "../../stress/engine/base/index.ts";
import type {
  Arrival,
  BlockFacts,
  BridgeReader,
  Message,
  MessageId,
} from "../../stress/engine/chain/index.ts";
import { type Asset, balanceAsset, CAUSES } from "../../stress/engine/ledger/index.ts";
import {
  type Log,
  type Node,
  quantity,
  type RawReceipt,
  type Receipt,
  type TxHash,
} from "../../stress/engine/rpc/index.ts";
import { defineOperation, oneStep } from "../../stress/protocols/operation.ts";
import { payment } from "../../stress/protocols/payment.ts";
import type { Bridge, Protocol } from "../../stress/protocols/protocol.ts";
import type { FakeLog } from "../fakes/chain.ts";
import { addressOf } from "../fakes/contracts.ts";

// A second protocol, as small as one can be, that has nothing in common with the legacy one: its money is points, and what
// arrives on the second chain is a transaction without an event, known by its hash.

/** What crosses: no ETH, and counted by one contract on both chains. */
export const POINTS = "points";

/** What accounts own points in, and what sends them across. */
export const GATE = addressOf(900);

/** What the bridge keeps of each crossing. */
export const TOLL = 1n;

export const AMOUNT = 100n;

export const OPERATOR_FEE = "operator fee";

const LEFT = id("Left(address,uint256)");

const abi = AbiCoder.defaultAbiCoder();

/** The event by which points leave the first chain. */
export const left = (to: string, amount: bigint): FakeLog => ({
  address: GATE,
  topics: [LEFT],
  data: abi.encode(["address", "uint256"], [to, amount]),
});

/** A crossing's message: its deposit's place in the chain. */
const messageOf = ({ transactionHash, logIndex }: Pick<Log, "transactionHash" | "logIndex">): MessageId =>
  id(`${transactionHash} ${logIndex}`) as MessageId;

/** The hash of the transaction that a deposit becomes on the second chain: known before it is there. */
export const arrivalOf = (deposit: TxHash): TxHash =>
  id(`arrival of ${messageOf({ transactionHash: deposit, logIndex: 0 })}`) as TxHash;

/** What a call to the gate is answered to: the points of an account. */
export const readPoints = (account: string): string => abi.encode(["address"], [account]);

interface Deposit {
  readonly message: MessageId;
  readonly to: string;
  readonly amount: bigint;
}

/** A bridge that knows its arrivals by their hashes, from the deposits that it saw. */
export class TinyBridge implements Bridge {
  readonly causes = [CAUSES.payment, CAUSES.crossing, CAUSES.payout, CAUSES.gasFee, OPERATOR_FEE];
  readonly assets: readonly Asset[];
  readonly #deposits = new Map<TxHash, Deposit>();
  readonly #nodes: PerChain<Node>;

  constructor(nodes: PerChain<Node>) {
    this.#nodes = nodes;
    this.assets = [
      balanceAsset(nodes),
      {
        name: POINTS,
        label: "points",
        isEther: false,
        chains: CHAINS,
        read: async (account, chain, block) =>
          BigInt(await nodes[chain].call(GATE, readPoints(account), block)),
      },
    ];
  }

  /** A run needs it, and one crossing does not: to ask for it all the same is a mistake. */
  get funds(): never {
    throw new Error("a crossing needs no funds");
  }

  /** A recovery needs more; a crossing that was not seen to arrive is asked for. */
  readonly history = {
    movesOf: () => undefined,
    payouts: async () => [],
    arrivalOf: async (chain: Chain, message: MessageId): Promise<TxHash | undefined> => {
      const [hash] = [...this.#deposits].find(([, deposit]) => deposit.message === message) ?? [];
      return hash !== undefined && (await this.#nodes[chain].receipt(hash)) !== undefined ? hash : undefined;
    },
  };

  reader(chain: Chain): BridgeReader {
    const sends = chain === 1;
    return {
      interest: sends ? { addresses: [GATE.toLowerCase()], topics: [LEFT] } : { addresses: [], topics: [] },
      readFees,
      arrivals: (facts) => (sends ? this.#remember(facts) : this.#arrived(facts)),
      atHead: async () => undefined,
    };
  }

  #remember({ logs }: BlockFacts): Arrival[] {
    for (const log of logs) {
      const [to, amount] = abi.decode(["address", "uint256"], log.data);
      const deposit = { message: messageOf(log), to: getAddress(String(to)), amount: BigInt(amount) };
      this.#deposits.set(arrivalOf(log.transactionHash), deposit);
    }
    return [];
  }

  #arrived({ block }: BlockFacts): Arrival[] {
    return block.transactions.flatMap((hash, logIndex) => {
      const deposit = this.#deposits.get(hash);
      if (deposit === undefined) return [];
      const { message, to, amount } = deposit;
      const place = { hash, block: block.number, logIndex };
      const payout = { way: "only", asset: POINTS, to, amount: amount - TOLL, fee: 0n, ...place };
      return [{ id: message, queue: "the only", ...place, payouts: [payout], answer: undefined }];
    });
  }

  sent(_: Chain, { logs }: Pick<Receipt, "logs">): Message | undefined {
    const log = logs.find(({ topics: [topic] }) => topic === LEFT);
    return log && { id: messageOf(log), place: BigInt(log.logIndex) };
  }

  async terms(): Promise<(_: unknown, amount: bigint) => { amount: bigint; isKnown: true }> {
    return (_, amount) => ({ amount: amount - TOLL, isKnown: true });
  }

  async feeBeside(): Promise<bigint> {
    return 0n;
  }

  feeOnGas(): bigint {
    return 0n;
  }

  async charges(): Promise<readonly string[]> {
    return [OPERATOR_FEE];
  }

  figures = () =>
    Promise.resolve({
      statistics: async () => "tiny",
      closing: async () => [],
      close: async () => undefined,
    });
}

const readFees = (receipt: RawReceipt) =>
  receipt["operatorFee"] === undefined
    ? []
    : [{ cause: OPERATOR_FEE, wei: quantity(receipt["operatorFee"], "operatorFee") }];

export const crossing = defineOperation<TinyBridge>({
  code: "TC",
  name: "tiny crossing",
  from: 1,
  to: 2,
  share: 50,

  ready: (child) => (child.amount(1, POINTS) >= AMOUNT ? undefined : "too few points"),

  steps: () =>
    oneStep({
      chain: 1,
      plan: {
        to: GATE,
        data: "0x1eaf",
        value: 0n,
        moves: [{ asset: POINTS, amount: -AMOUNT, cause: CAUSES.crossing }],
      },
      crossing: { way: "only", asset: POINTS, amount: AMOUNT },
    }),
});

export const tiny: Protocol<TinyBridge> = {
  name: "tiny",
  operations: [crossing, payment],
  funding: {},
  readFees: () => readFees,
  pick: () => ({ addresses: { gate: GATE } }),
  requiredCode: () => [{ name: "gate", address: GATE }],
  preparing: async () => ({ 1: { wei: 0n, what: "nothing" }, 2: { wei: 0n, what: "nothing" } }),
  mostToPrepare: () => 0n,
  open: async ({ nodes }) => new TinyBridge(nodes),
};
