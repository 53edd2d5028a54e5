import { AbiCoder, getAddress, id } from "ethers";
import { type Chain, CHAINS, type PerChain } from "../../stress/engine/base/index.ts";
import {
  type Arrival,
  AwaitedTransactions,
  type BlockFacts,
  type BridgeReader,
  type Message,
  type MessageId,
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
import type { TransactionPlan } from "../../stress/engine/transactions/index.ts";
import { defineOperation, oneStep } from "../../stress/protocols/operation.ts";
import { payment } from "../../stress/protocols/payment.ts";
import type { Bridge, Protocol } from "../../stress/protocols/protocol.ts";
import type { FakeLog } from "../fakes/chain.ts";
import { addressOf } from "../fakes/contracts.ts";

// A protocol, as small as one can be, that has nothing in common with those that are built: its money is points. What arrives on the
// second chain is a transaction without an event, known by its hash, which takes a nonce of its receiver. The way back has two more
// transactions of the child's own, and may fail where it arrives. Its contract is asked for on the chains.

/** What crosses: no ETH, and counted by one contract on both chains. */
export const POINTS = "points";

/** What accounts own points in, and what sends them across. */
export const GATE = addressOf(900);

/** What the bridge keeps of each crossing. */
export const TOLL = 1n;

export const AMOUNT = 100n;

export const OPERATOR_FEE = "operator fee";

const LEFT = id("Left(address,uint256)");

/** A crossing back was carried out, or failed when it was tried. */
const BACK = id("Back(bytes32,address,uint256)");
const FAILED = id("Failed(bytes32)");

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

/** The event by which a crossing back arrives on the first chain. @param left hash of what sent it */
export const back = (leftBy: TxHash, to: string, amount: bigint): FakeLog => ({
  address: GATE,
  topics: [BACK, messageOf({ transactionHash: leftBy, logIndex: 0 })],
  data: abi.encode(["address", "uint256"], [to, amount]),
});

/** The event of one that was tried, and failed: anybody may try again. */
export const failedBack = (leftBy: TxHash): FakeLog => ({
  address: GATE,
  topics: [FAILED, messageOf({ transactionHash: leftBy, logIndex: 0 })],
  data: "0x",
});

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
  readonly #awaited = new AwaitedTransactions();
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
    const isFirst = chain === 1;
    return {
      interest: isFirst
        ? { addresses: [GATE.toLowerCase()], topics: [LEFT, BACK, FAILED] }
        : { addresses: [], topics: [] },
      readFees,
      arrivals: (facts) => (isFirst ? this.#onFirst(facts) : this.#arrived(facts)),
      awaited: isFirst ? undefined : this.#awaited,
      atHead: async () => undefined,
    };
  }

  #onFirst({ logs }: BlockFacts): Arrival[] {
    return logs.flatMap((log) => {
      if (log.topics[0] === LEFT) this.#remember(log);
      return log.topics[0] === LEFT ? [] : [backAgain(log)];
    });
  }

  #remember(log: Log): void {
    const deposit = { message: messageOf(log), ...pointsIn(log) };
    const hash = arrivalOf(log.transactionHash);
    this.#deposits.set(hash, deposit);
    this.#awaited.add(hash);
  }

  #arrived({ receipts }: BlockFacts): Arrival[] {
    return receipts.flatMap(({ hash, blockNumber: block, succeeded }) => {
      const deposit = this.#deposits.get(hash);
      if (deposit === undefined) return [];
      const { message, to, amount } = deposit;
      const place = { hash, block, logIndex: 0 };
      const payout = { way: "only", asset: POINTS, to, amount: amount - TOLL, fee: 0n, ...place };
      const payouts = succeeded ? [payout] : [];
      return [{ id: message, queue: "the only", ...place, payouts, answer: undefined, nonceOf: to }];
    });
  }

  sent(_: Chain, { logs }: Pick<Receipt, "logs">): Message | undefined {
    const log = logs.find(({ topics: [topic] }) => topic === LEFT);
    return log && { id: messageOf(log), place: BigInt(log.logIndex) };
  }

  async terms(): Promise<(_: unknown, amount: bigint) => { amount: bigint; isKnown: true }> {
    return (_, amount) => ({ amount: amount - TOLL, isKnown: true });
  }

  /** Whether what has to come before the way back's next step has, as of a block of the first chain. */
  isReady = (block: number): boolean => block >= this.readyAt;
  readyAt = Number.POSITIVE_INFINITY;

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
      statistics: async () => ({ line: "tiny", levels: {} }),
      closing: async () => [],
      close: async () => undefined,
    });
}

const pointsIn = ({ data }: Log): { to: string; amount: bigint } => {
  const [to, amount] = abi.decode(["address", "uint256"], data);
  return { to: getAddress(String(to)), amount: BigInt(amount) };
};

/** What came back to the first chain, in no order; or failed to. */
function backAgain(log: Log): Arrival {
  const { transactionHash: hash, blockNumber: block, logIndex } = log;
  const [topic, message] = log.topics;
  const place = { hash, block, logIndex };
  const isRepeatable = topic === FAILED;
  const payouts = isRepeatable ? [] : [{ way: "only", asset: POINTS, ...pointsIn(log), fee: 0n, ...place }];
  return { id: message as MessageId, queue: undefined, ...place, payouts, answer: undefined, isRepeatable };
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

const call = (data: string): TransactionPlan => ({ to: GATE, data, value: 0n, moves: [] });

/** The way back: what leaves the second chain has to be proved and taken on the first one. */
export const wayBack = defineOperation<TinyBridge>({
  code: "TB",
  name: "tiny way back",
  from: 2,
  to: 1,
  share: 50,

  ready: (child) => (child.amount(2, POINTS) >= AMOUNT ? undefined : "too few points"),

  async *steps(_, { bridge }) {
    const leaving = {
      ...call("0x1eaf"),
      moves: [{ asset: POINTS, amount: -AMOUNT, cause: CAUSES.crossing }],
    };
    const sent = { way: "only", asset: POINTS, amount: AMOUNT };
    const begun = yield { kind: "send", chain: 2, plan: leaving, crossing: sent, arrivesLater: true };
    if (begun.kind !== "mined") throw new Error("wants to be mined");
    const note = { name: "left", values: { by: begun.receipt.hash } };
    const isMet = async (block: number) => bridge.isReady(block);
    yield { kind: "wait", chain: 1, what: "proof", note, reaches: "provable", isMet };
    for (const name of ["prove", "prove"]) {
      const end = yield { kind: "send", chain: 1, plan: call("0x9100"), note: { name }, mayFail: true };
      if (end.kind !== "failed") break;
    }
    yield { kind: "send", chain: 1, plan: call("0x7a4e"), note: { name: "finalize" }, reaches: "taken" };
    yield { kind: "arrival" };
  },
});

export const tiny: Protocol<TinyBridge> = {
  name: "tiny",
  operations: [crossing, wayBack, payment],
  funding: {},
  readFees: () => readFees,
  pick: (listed) => (listed["gate"] === "0x" ? { mistakes: ["gate is no address"] } : { addresses: {} }),
  // The chains tell the gate, where they have one.
  discover: async (nodes, picked) => {
    const codes = await Promise.all(CHAINS.map((chain) => nodes[chain].hasCode(GATE)));
    return codes.includes(false)
      ? { mistakes: ["a chain without a gate"] }
      : { addresses: { ...picked, gate: GATE }, warnings: [] };
  },
  requiredCode: () => [{ name: "gate", address: GATE }],
  preparing: async () => ({ 1: { wei: 0n, what: "nothing" }, 2: { wei: 0n, what: "nothing" } }),
  mostToPrepare: () => 0n,
  open: async ({ nodes }) => new TinyBridge(nodes),
};
