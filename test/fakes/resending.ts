import { Resender } from "../../stress/engine/transactions/resender.ts";
import type { TxHash } from "../../stress/engine/rpc/index.ts";
import { paymentMoves, type TransactionPlan } from "../../stress/engine/transactions/plan.ts";
import { eventsOf } from "./bridge.ts";
import { addressOf } from "./contracts.ts";
import { account, call, type Conditions, purpose, submitting, transfer } from "./submitting.ts";
import { opened } from "./net.ts";
import { hurry, settled, wakeAll } from "./timers.ts";

const payee = addressOf(91);

/** A payment by the account of the tests. Wei. */
export const payment = (amount: bigint): TransactionPlan => ({
  ...transfer,
  to: payee,
  value: amount,
  moves: paymentMoves(payee, amount),
});

/** More blocks than a transaction waits before it is looked for. */
export const A_WHILE = 8;

/** What the account of the tests has at first. Wei. */
export const OPENING = 10n ** 18n;

/** A submitter with what resends, to one fake chain whose account has 1 ETH; what became of transactions is kept. */
export async function resending(conditions: Partial<Conditions> = {}) {
  const all = await submitting(conditions);
  const { chain, chains, transactions, clock, ledger, watcher, submitter, stream } = all;
  const lines: string[] = [];
  const resender = new Resender(chains, transactions, submitter, stream, clock, (line) => lines.push(line));
  opened(ledger, account.address, 1, OPENING);
  chain.answer("eth_getTransactionCount", () => "0x7");
  const told: unknown[] = [];
  stream.subscribe("report", {
    replaced: ({ hash, by }) => told.push(["replaced", hash, by]),
    "taken back": ({ receipt: { hash, blockNumber } }) => told.push(["taken back", hash, blockNumber]),
    mined: ({ receipt: { hash, blockNumber }, again }) => {
      if (again) told.push(["mined again", hash, blockNumber]);
    },
  });
  const resent = eventsOf(stream, "resent");
  /** How often transactions were sent again so far. */
  const counts = () => ({
    rebroadcast: resent.filter(({ how }) => how === "rebroadcast").length,
    replaced: resent.filter(({ how }) => how === "replaced").length,
  });

  const submit = (plan: TransactionPlan = call) => hurry(submitter.submit(account, 1, plan, { purpose }));

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
  return { ...all, watcher, resender, lines, told, counts, submit, pass, mine, reorganise, rawSent };
}
