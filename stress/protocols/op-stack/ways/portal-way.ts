import type { Chain, PerChain } from "../../../engine/base/index.ts";
import {
  type Arrival,
  AwaitedTransactions,
  type BlockFacts,
  type Message,
  type MessageId,
  type Payout,
} from "../../../engine/chain/index.ts";
import { BALANCE, type Move } from "../../../engine/ledger/index.ts";
import type { Node, Receipt, SeenTransaction, TxHash } from "../../../engine/rpc/index.ts";
import type { BlockRange, SendingReceipt } from "../../protocol.ts";
import { aliasOf } from "../alias.ts";
import { ABI, type Contracts } from "../contracts.ts";
import { type Deposit, depositsOf } from "../deposits.ts";
import { crossingMoves } from "../moves.ts";
import { type EventSource, PORTAL, type Way } from "../operation.ts";

/** Deposits that are remembered: of the oldest nobody waits any more by then. */
const KEPT = 100_000;

/** What the way is followed with. */
export interface PortalSources {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
}

/**
 * The way through the portal alone: a deposit becomes a transaction on L2 whose hash is known beforehand. To an account without code it
 * leaves no event there, so its receipt is waited for.
 */
export class PortalWay implements Way {
  /** L2's transactions of the run's own deposits. */
  readonly awaited = new AwaitedTransactions();
  readonly #sources: PortalSources;
  readonly #deposits = new Map<TxHash, Deposit>();

  constructor(sources: PortalSources) {
    this.#sources = sources;
  }

  /** The receipts of the run's own transactions have all that there is. */
  interest(): readonly EventSource[] {
    return [];
  }

  sent(chain: Chain, receipt: SendingReceipt): Message | undefined {
    const [deposit] = chain === 1 ? this.#alone(receipt) : [];
    // Its block may have been told without events: whoever looks at its receipt again is the first to know.
    if (deposit !== undefined) this.#remember(deposit);
    return deposit && { id: asMessage(deposit), place: deposit.place };
  }

  /** The deposits of a transaction that no messenger sent. */
  #alone(receipt: SendingReceipt): Deposit[] {
    const { contracts } = this.#sources;
    const messenger = aliasOf(contracts.messenger[1]);
    return depositsOf(receipt, contracts).filter(({ from }) => from !== messenger);
  }

  arrivals(chain: Chain, { receipts }: BlockFacts): readonly Arrival[] {
    if (chain === 1) {
      for (const deposit of receipts.flatMap((receipt) => this.#alone(receipt))) this.#remember(deposit);
      return [];
    }
    return receipts.flatMap((receipt) => {
      const deposit = this.#deposits.get(receipt.hash);
      if (deposit === undefined) return [];
      const payouts = payoutsOf(deposit, receipt);
      // What stands before it in its block is not known: those of one block count as in order.
      const place = { hash: receipt.hash, block: receipt.blockNumber, logIndex: 0 };
      const queue = "deposits through the portal";
      return [{ id: asMessage(deposit), queue, ...place, payouts, answer: undefined, nonceOf: deposit.from }];
    });
  }

  #remember(deposit: Deposit): void {
    this.#deposits.set(deposit.hash, deposit);
    this.awaited.add(deposit.hash);
    const [oldest] = this.#deposits.keys();
    if (this.#deposits.size > KEPT && oldest !== undefined) this.#deposits.delete(oldest);
  }

  async arrivalOf(chain: Chain, message: MessageId): Promise<TxHash | undefined> {
    if (chain === 1) return undefined;
    return (await this.#sources.nodes[2].settledReceipt(message as string as TxHash))?.hash;
  }

  async payouts(
    chain: Chain,
    { fromBlock, toBlock }: BlockRange,
    sent: readonly SendingReceipt[],
  ): Promise<Payout[]> {
    if (chain === 1) return [];
    const deposits = sent.flatMap((receipt) => this.#alone(receipt));
    const found = await Promise.all(
      deposits.map(async (deposit) => {
        const receipt = await this.#sources.nodes[2].settledReceipt(deposit.hash);
        const isThere =
          receipt !== undefined && receipt.blockNumber >= fromBlock && receipt.blockNumber <= toBlock;
        return isThere ? payoutsOf(deposit, receipt) : [];
      }),
    );
    return found.flat();
  }

  movesOf({ to, data, value }: SeenTransaction, chain: Chain): readonly Move[] | undefined {
    if (chain === 2 || data === "0x" || to !== this.#sources.contracts.portal.toLowerCase()) return undefined;
    // Proving and finalising move nothing of the sender's: what they pay is told by events.
    const isDeposit = ABI.OptimismPortal.parseTransaction({ data })?.name === "depositTransaction";
    return isDeposit ? crossingMoves(value) : [];
  }
}

/** A deposit's message is what it becomes on L2. */
const asMessage = ({ hash }: Deposit): MessageId => hash as string as MessageId;

/**
 * What a deposit brought. The mint is the sender's, whatever becomes of the call: where that fails, it stays with it. A call that
 * spends more than was minted takes the rest from what the sender has there.
 */
function payoutsOf(deposit: Deposit, { hash, blockNumber: block, succeeded }: Receipt): Payout[] {
  const { from, to = from, mint, value } = deposit;
  const paid = (whom: string, amount: bigint): Payout[] =>
    amount === 0n
      ? []
      : [{ way: PORTAL, asset: BALANCE, to: whom, amount, fee: 0n, hash, block, logIndex: 0 }];
  if (!succeeded || to === from) return paid(from, mint);
  return [...paid(to, value), ...paid(from, mint - value)];
}
