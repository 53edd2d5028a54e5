import { Resender } from "../../stress/engine/transactions/resender.ts";
import type { Receipt, TxHash } from "../../stress/engine/rpc/receipt.ts";
import type {
  TransactionJournal,
  TransactionPlan,
} from "../../stress/engine/transactions/sent-transaction.ts";
import { account, call, type Conditions, submitting } from "./submitting.ts";
import { opened } from "./net.ts";
import { hurry, settled, wakeAll } from "./timers.ts";

/** What the account of the tests has at first. Wei. */
export const OPENING = 10n ** 18n;

/** A submitter with what resends, to one fake chain whose account has 1 ETH; all that the journal is told is kept. */
export async function resending(conditions: Partial<Conditions> = {}) {
  const all = await submitting(conditions);
  const { chain, chains, transactions, clock, ledger, watcher, submitter } = all;
  const lines: string[] = [];
  const resender = new Resender(chains, transactions, submitter, clock, (line) => lines.push(line));
  opened(ledger, account.address, 1, OPENING);
  chain.answer("eth_getTransactionCount", () => "0x7");
  const told: unknown[] = [];
  const journal: TransactionJournal = {
    signed: () => undefined,
    replaced: (hash, by) => told.push(["replaced", hash, by]),
    takenBack: ({ hash, blockNumber }: Receipt) => told.push(["taken back", hash, blockNumber]),
    minedAgain: ({ hash, blockNumber }: Receipt) => told.push(["mined again", hash, blockNumber]),
  };

  const submit = (plan: TransactionPlan = call) => hurry(submitter.submit(account, 1, plan, journal));

  /** Lets blocks come without any transaction, a second each where nothing is said. */
  const pass = async (blocks: number, ms = 1000): Promise<void> => {
    for (let block = 0; block < blocks; block++) {
      clock.advance(ms);
      chain.mine();
      await wakeAll();
    }
  };

  /** Mines what was sent, and has it read. */
  const mine = async (own: Parameters<typeof chain.minePending>[0] = {}): Promise<TxHash[]> => {
    clock.advance(1000);
    const hashes = chain.minePending(own);
    await wakeAll();
    return hashes;
  };

  /** Takes the newest blocks back; two others take their place. */
  const reorganise = async (depth: number, keep: () => void = () => chain.mine()): Promise<void> => {
    clock.advance(1000);
    chain.fork(depth);
    keep();
    for (let block = 0; block < depth; block++) chain.mine();
    await wakeAll(3);
    await settled();
  };

  /** The raw bytes that were sent, in their order. */
  const rawSent = (): string[] =>
    chain.calls
      .filter(({ method }) => method === "eth_sendRawTransaction")
      .map(({ params }) => String(params[0]));
  return { ...all, watcher, resender, lines, told, submit, pass, mine, reorganise, rawSent };
}
