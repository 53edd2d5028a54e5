import type { z } from "zod";
import type { Chain, Clock, PerChain, Source } from "../engine/base/index.ts";
import type {
  BlockRead,
  BridgeReader,
  ChainEvent,
  Message,
  MessageId,
  Payout,
} from "../engine/chain/index.ts";
import type { Asset, Move } from "../engine/ledger/index.ts";
import type { Node, ReadFees, Receipt, SeenTransaction, TxHash } from "../engine/rpc/index.ts";
import type { TransactionPlan } from "../engine/transactions/index.ts";
import type { CrossingEnd, Operation, SendStep, Steps } from "./operation.ts";

/** Addresses of a bridge's contracts, by the protocol's own names for them. */
export type AddressBook = Readonly<Record<string, string>>;

/** What was due to a crossing that was paid. Smallest units. */
export interface Due {
  readonly amount: bigint;
  /** Whether it was reckoned by the bridge's own rules, and not merely from what the payout's event says. */
  readonly isKnown: boolean;
}

/** By what a block's payouts are judged. @param amount what was deposited, in smallest units */
export type Terms = (payout: Payout, amount: bigint) => Due;

/** The run's stop, for who waits: nothing new is begun from `soft` on, nothing is waited for from `hard` on. */
export interface StopSignals {
  readonly soft: AbortSignal;
  readonly hard: AbortSignal;
}

/** The funder's own transactions, as a bridge may send them. Each is journaled before it is sent. */
export interface FunderHands {
  readonly address: string;
  /** Sends one and waits for it. @throws {StressError} RPC_FAILED where it reverted */
  send(chain: Chain, code: string, plan: TransactionPlan, signal: AbortSignal): Promise<Receipt>;
  /** Sends money across and waits for its payout. @throws {StressError} RPC_FAILED where its transaction reverted */
  cross(code: string, step: SendStep, signal: AbortSignal): Promise<CrossingEnd>;
  /** Smallest units of an asset, by the books. */
  amount(chain: Chain, asset: string): bigint;
}

/** An account that is given back, as a bridge may act for it. */
export interface AccountHands {
  readonly address: string;
  /** Sends one of its transactions and waits for it; tells whether it succeeded. */
  send(chain: Chain, code: string, plan: TransactionPlan): Promise<boolean>;
  /** Sees to it that the account can pay for a call with this much gas. */
  provideGas(chain: Chain, gas: bigint): Promise<void>;
}

/** What a bridge needs of the funder before a run, and what there is to give back after it. Amounts in wei. */
export interface BridgeFunds {
  /** The step that moves ETH of the funder from L1 to L2, and the operation that it is journaled as. */
  toL2(amount: bigint): { readonly code: string; readonly step: SendStep };
  /** Gives the bridge what crossings will be paid from. */
  prepare(funder: FunderHands, signals: StopSignals, say: (line: string) => void): Promise<void>;
  /** What children need beside ETH, `batch` of them at once. */
  equip(
    funder: FunderHands,
    children: readonly string[],
    batch: number,
    signals: StopSignals,
    say: (line: string) => void,
  ): Promise<void>;
  /** Sees to it that the bridge can pay out what these accounts have in it. */
  beforeGivingBack(funder: FunderHands, accounts: readonly string[], signal: AbortSignal): Promise<void>;
  /** Ways to bring to the account's own hands, or to the funder, what it has in the bridge on a chain: one after the other. */
  givingBack(
    chain: Chain,
  ): readonly ((account: AccountHands, funder: FunderHands, signal: AbortSignal) => Promise<void>)[];
  /** Brings back what the funder itself has in the bridge on a chain. Returns what had to stay. */
  takeBackOwn(funder: FunderHands, chain: Chain, signal: AbortSignal): Promise<bigint>;
  /** Wei that taking something out of the bridge costs on a chain: what is no more than that stays. */
  costOfTaking(chain: Chain): bigint;
  /** What the funder has in the bridge on a chain, for messages. */
  readonly ownShare: string;
  /** What an account has in the bridge on a chain that is worth bringing back. */
  held(chain: Chain, account: string): Promise<bigint>;
  /** What an account put into the bridge on a chain and can take out again, whatever that costs: what it earned left out. */
  stakeOf(chain: Chain, account: string): Promise<bigint>;
}

/** Blocks of a chain, the last one included. */
export interface BlockRange {
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** What a recovery asks of a bridge: it has nothing but the journal and the chains. */
export interface BridgeHistory {
  /** What a mined transaction of ours moved, where the bridge knows the call. */
  movesOf(call: SeenTransaction, chain: Chain): readonly Move[] | undefined;
  /**
   * The transaction that a message arrived with: undefined where by the contracts' own state it has not, "unknown" where that is
   * all that is known.
   *
   * @param within where to look for it, by the state of the last of these blocks; all of the chain, where nothing is said
   */
  arrivalOf(chain: Chain, message: MessageId, within?: BlockRange): Promise<TxHash | "unknown" | undefined>;
  /** The transaction with which a message that has not arrived failed to, where it may be carried out once more; else as above. */
  failureOf?(chain: Chain, message: MessageId, within?: BlockRange): Promise<TxHash | "unknown" | undefined>;
  /**
   * All payouts in these blocks, to whomever.
   *
   * @param sent receipts of the other chain's transactions that may have sent what leaves no event where it arrives
   */
  payouts(
    chain: Chain,
    fromBlock: number,
    toBlock: number,
    sent: readonly SendingReceipt[],
  ): Promise<readonly Payout[]>;
}

/** As much of a receipt as tells what its transaction sent to the other chain. */
export type SendingReceipt = Pick<Receipt, "logs" | "blockHash">;

/** What a bridge has to say of itself at a moment. */
export interface BridgeStatus {
  /** One line, for a person. */
  readonly line: string;
  /** What it keeps, in wei, by name: pools, portals, vaults. */
  readonly levels: Readonly<Record<string, bigint>>;
}

/** What a run reports of its bridge. */
export interface BridgeFigures {
  /** As it is now. */
  statistics(): Promise<BridgeStatus>;
  /** Lines of the closing report. */
  closing(): Promise<readonly string[]>;
  /** Takes nothing more up, and waits for what is still being read. */
  close(): Promise<void>;
}

/** How figures are reported. */
export interface FiguresOptions {
  readonly stream: Source<ChainEvent>;
  readonly say: (line: string) => void;
  /** Gas price in gwei at which the rollup's own transactions on L1 are reckoned; undefined: what was paid. */
  readonly batchGasPriceGwei: number | undefined;
  /** Whether stand-ins on a fork do what the rollup's own services do. */
  readonly isFork: boolean;
}

/** What L1 was told of L2's state and is not so. */
export interface FalseProposal {
  /** Who claims what, for a person. */
  readonly what: string;
  /** The L2 block that it is about. */
  readonly block: number;
}

/** A phase of a message's way. */
export interface Passed {
  /** In one word, as the phases of operations have. */
  readonly phase: string;
  /** When it was seen to be reached, in Unix milliseconds. */
  readonly at: number;
  /** The rollup's own transaction by which it was, where there is one, and what that is in reports. */
  readonly by?: {
    readonly what: string;
    readonly chain: Chain;
    readonly hash: TxHash;
    readonly block: number;
  };
}

/** A bridge between a pair of chains: a protocol that was opened. All that the engine asks of it is here. */
export interface Bridge {
  /** What the chain's watcher is told. */
  reader(chain: Chain): BridgeReader;
  /** What accounts can own, ETH in their hands included. */
  readonly assets: readonly Asset[];
  /** Causes of the books, in the order in which a person reads an account. */
  readonly causes: readonly string[];
  /** The message that a transaction sent to the other chain, if any. @throws {MalformedAnswer} */
  sent(chain: Chain, receipt: SendingReceipt): Message | undefined;
  /**
   * Carries on what a transaction of an account's began, where more of that account's own have to follow until it is paid, from
   * wherever it stands by now. Undefined where it arrives by itself.
   *
   * @param account who takes the steps: itself, or another one for it
   * @param latest the first transaction's receipt as the chain has it now; undefined while it has none
   */
  carryOn?(chain: Chain, account: string, latest: () => Receipt | undefined): Steps | undefined;
  /** By what a block's payouts are to be judged, where more has to be asked for that than their events say. */
  terms(block: BlockRead): Promise<Terms> | undefined;
  /**
   * What a message that arrived passed on its way without a step of its sender's, as far as it was seen, in order: reports tell how
   * long each took.
   *
   * @param chain where it was sent
   * @param way that it took
   * @param block of the transaction that sent it
   */
  passed?(chain: Chain, way: string, block: number): readonly Passed[];
  /** Wei that a plain transfer with this much gas is charged beside gas × price, with room for that to grow until it is mined. */
  feeBeside(chain: Chain, to: string, gas: bigint): Promise<bigint>;
  /** Wei that a chain charges for so much gas beside its price, at most, as far as is known now. */
  feeOnGas(chain: Chain, gas: bigint): bigint;
  /** Causes, as the books have them, of all that a chain charges now beside gas × price, whether or not its receipts tell. */
  charges(chain: Chain): Promise<readonly string[]>;
  readonly funds: BridgeFunds;
  readonly history: BridgeHistory;
  /** What the run came across of false proposals, where messages of L2 are proved by what is proposed on L1. */
  falseProposals?(): readonly FalseProposal[];
  figures(options: FiguresOptions): Promise<BridgeFigures>;
}

/** How long a run waits for what it begins. */
export interface Patience {
  /** Milliseconds that an operation may take at most. */
  readonly upTo: number;
  /** Whether what takes longer is begun all the same, and left to a recovery. */
  readonly leavesRest: boolean;
}

/** What a protocol is opened with. */
export interface BridgeSetup {
  /** They ask again where an endpoint does not answer. */
  readonly nodes: PerChain<Node>;
  readonly addresses: AddressBook;
  readonly clock: Clock;
  /** The protocol's part of a target's `funding`, as its schema parsed it. */
  readonly funding: unknown;
  /** Undefined: as long as it takes. */
  readonly patience?: Patience | undefined;
  /** Wei per gas that a chain asks now, as its watcher has it. */
  gasPrice(chain: Chain): bigint;
}

/** A contract that has to be there, by what it is called in messages. */
export interface NamedAddress {
  readonly name: string;
  readonly address: string;
}

/** A kind of bridge: its contracts, messages, operations and fees. Everything of it that the rest of the project may know. */
export interface Protocol<B extends Bridge = Bridge> {
  /** As target files have it. */
  readonly name: string;
  /** What children can do, in the order in which they are rolled for; what is left over comes last. */
  readonly operations: readonly Operation<B>[];
  /** What a target's `funding` has for this protocol, beside what all have. */
  readonly funding: z.ZodRawShape;
  /**
   * Whether L2's nodes may answer receipts before there is a block. Where they do it is found out and measured; where they cannot,
   * nothing is asked for it. Default: they cannot.
   */
  readonly mayPreconfirm?: boolean;
  /** What receipts of a chain charge beside gas × price. */
  readFees(chain: Chain): ReadFees;
  /**
   * Picks the bridge's contracts out of a list of addresses by name.
   *
   * @returns what is wrong with the list, where anything is: names that are missing, or belong to no contract
   */
  pick(
    listed: Readonly<Record<string, unknown>>,
  ): { addresses: AddressBook } | { mistakes: readonly string[] };
  /**
   * Finds the bridge's contracts on the chains themselves, where they can be asked for: then a target needs no addresses. What is
   * listed all the same is checked against them.
   *
   * @param picked what was picked out of the target's list
   * @returns all addresses, or what is wrong with what the chains answer
   */
  discover?(nodes: PerChain<Node>, picked: AddressBook): Promise<Discovered>;
  requiredCode(addresses: AddressBook, chain: Chain): readonly NamedAddress[];
  /** Wei that preparing a run takes of the funder on each chain. */
  preparing(
    setup: Pick<BridgeSetup, "nodes" | "addresses" | "funding"> & {
      /** How many there will be. */
      readonly children: number;
    },
  ): Promise<PerChain<BridgeNeed>>;
  /** Wei that preparing a run takes on each chain at most. */
  mostToPrepare(funding: unknown): bigint;
  open(setup: BridgeSetup): Promise<B>;
}

/** All addresses of a bridge, with what is strange about them in a line each, or what is wrong with what chains answer. */
export type Discovered =
  | { readonly addresses: AddressBook; readonly warnings: readonly string[] }
  | { readonly mistakes: readonly string[] };

/** What a bridge needs before a run, and what for. */
export interface BridgeNeed {
  readonly wei: bigint;
  readonly what: string;
}
