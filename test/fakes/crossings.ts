import type { Evidence, Followed, Relay } from "../../stress/engine/audit/classify.ts";
import type { Chain } from "../../stress/engine/base/chain.ts";
import type { MessageId } from "../../stress/protocols/ovm2/messages.ts";
import type { Payout } from "../../stress/protocols/ovm2/payouts.ts";
import { type Log, parseLog } from "../../stress/engine/rpc/receipt.ts";
import { SentTransaction } from "../../stress/engine/transactions/sent-transaction.ts";
import { signVersion } from "../../stress/engine/transactions/signing.ts";
import { operationOf } from "../../stress/protocols/ovm2/operations.ts";
import { type CrossingOperation, isCrossing } from "../../stress/protocols/operation.ts";
import { type FakeLog, hashOf } from "./chain.ts";
import { contracts } from "./contracts.ts";
import { idOf, sent } from "./events.ts";
import { receiptOf } from "./receipts.ts";
import { account, call } from "./submitting.ts";

/** What every crossing of the tests deposits, and when it starts. Wei, and Unix milliseconds. */
export const DEPOSIT = 1000n;
export const STARTED = 1_000_000;

export function crossing(code: string): CrossingOperation {
  const operation = operationOf(code);
  if (!isCrossing(operation)) throw new Error(`${code} does not cross`);
  return operation;
}

/** A log as the engine has it. */
export const logOf = (log: FakeLog, logIndex = 0): Log =>
  parseLog({
    ...log,
    blockNumber: "0x1",
    transactionHash: hashOf("a"),
    logIndex: `0x${logIndex.toString(16)}`,
  });

export const MESSENGER = { 1: contracts.addresses.l1Messenger, 2: contracts.messengers[2][0] ?? "" };

/** A crossing of the account's that is sent and not mined. */
export function sentCrossing(code: string, nonce = 0): Followed & { readonly transaction: SentTransaction } {
  const operation = crossing(code);
  const plan = { ...call, movement: { kind: "crossing", amount: DEPOSIT } } as const;
  const terms = { chainId: 1n, nonce, gasLimit: 1n, fees: { type: 0, gasPrice: 1n } } as const;
  const journal = { signed: () => undefined };
  const origin = { account, chain: operation.from, nonce, gasEstimated: 1n, journal };
  const transaction = new SentTransaction(origin, signVersion(account, plan, terms));
  return { transaction, operation, who: 0, startedAt: STARTED };
}

/** One whose deposit is mined, and sent this message; null: none. */
export function deposited(code: string, message: number | null = 1, succeeded = true): Followed {
  const followed = sentCrossing(code);
  const logs = message === null ? [] : [logOf(sent(MESSENGER[followed.operation.from], message))];
  followed.transaction.becameMined(receiptOf({ hash: followed.transaction.hash, logs, succeeded }));
  return followed;
}

/** A payout to the account itself of all that was deposited, but for what is said. */
export const payoutOf = (code: string, own: Partial<Payout> = {}): Payout => ({
  event: crossing(code).payout,
  to: account.address,
  amount: DEPOSIT,
  fee: 0n,
  hash: hashOf("relay"),
  block: 5,
  logIndex: 0,
  ...own,
});

/** A relay of a message, a second after the crossing began. */
export const relayOf = (payouts: readonly Payout[], own: Partial<Relay> = {}): Relay => ({
  block: 5,
  at: STARTED + 1000,
  logIndex: 9,
  messenger: MESSENGER[1],
  payouts,
  answer: undefined,
  rates: undefined,
  ...own,
});

/** Evidence in which these messages were relayed, by chain and number; those are the run's own accounts. */
export function evidenceOf(
  relays: Readonly<Partial<Record<Chain, Readonly<Record<number, readonly Relay[]>>>>>,
  own: Partial<Evidence> = {},
  accounts: readonly string[] = [account.address],
): Evidence {
  const found = new Map<string, readonly Relay[]>();
  for (const [chain, messages] of Object.entries(relays))
    for (const [number, one] of Object.entries(messages)) found.set(`${chain}:${idOf(Number(number))}`, one);
  return {
    contracts,
    relaysOf: (chain: Chain, message: MessageId) => found.get(`${chain}:${message}`) ?? [],
    owns: (one) => accounts.includes(one),
    formerMessages: () => [],
    now: STARTED + 2000,
    slowAfter: 10_000,
    overdueAfter: 60_000,
    ...own,
  };
}
