import type { Evidence, Relay } from "../../stress/engine/audit/classify.ts";
import type { Followed } from "../../stress/engine/audit/followed.ts";
import type { Chain } from "../../stress/engine/base/index.ts";
import type { MessageId, Payout } from "../../stress/engine/chain/index.ts";
import { BALANCE } from "../../stress/engine/ledger/index.ts";
import { type Log, parseLog } from "../../stress/engine/rpc/index.ts";
import { SentTransaction } from "../../stress/engine/transactions/sent-transaction.ts";
import { signVersion } from "../../stress/engine/transactions/signing.ts";
import { isCrossing } from "../../stress/protocols/operation.ts";
import { messageId, sentMessage } from "../../stress/protocols/ovm2/messages.ts";
import { FAST, SLOW } from "../../stress/protocols/ovm2/operation.ts";
import { OPERATIONS } from "../../stress/protocols/ovm2/operations.ts";
import type { Bridge } from "../../stress/protocols/protocol.ts";
import { type FakeLog, hashOf } from "./chain.ts";
import { contracts } from "./contracts.ts";
import { idOf, sent } from "./events.ts";
import { receiptOf } from "./receipts.ts";
import { account, call, purpose } from "./submitting.ts";

/** The operation with a code. */
export function operationOf(code: string) {
  const found = OPERATIONS.find((operation) => operation.code === code);
  if (found === undefined) throw new Error(`no operation ${code}`);
  return found;
}

/** What every crossing of the tests deposits, and when it starts. Wei, and Unix milliseconds. */
export const DEPOSIT = 1000n;
export const STARTED = 1_000_000;

/** The crossing with a code: the chain it starts on, and the way it takes. */
export function crossing(code: string): { readonly from: Chain; readonly to: Chain; readonly way: string } {
  const operation = operationOf(code);
  if (!isCrossing(operation)) throw new Error(`${code} does not cross`);
  return { from: operation.from, to: operation.to, way: code.startsWith("F") ? FAST : SLOW };
}

/** Reads the messages of the tests' contracts. */
export const bridge: Pick<Bridge, "sent"> = {
  sent: (chain, { logs }) => {
    const message = sentMessage(chain, logs, contracts);
    return message && { id: messageId(message), place: message.messageNonce };
  },
};

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
  const { from: chain, way } = crossing(code);
  const terms = { chainId: 1n, nonce, gasLimit: 1n, fees: { type: 0, gasPrice: 1n } } as const;
  const origin = { account, chain, nonce, gasEstimated: 1n, purpose };
  const transaction = new SentTransaction(origin, signVersion(account, call, terms));
  const sends = { way, asset: BALANCE, amount: DEPOSIT };
  return { transaction, crossing: sends, code, who: 0, startedAt: STARTED };
}

/** One whose deposit is mined, and sent this message; null: none. */
export function deposited(code: string, message: number | null = 1, succeeded = true): Followed {
  const followed = sentCrossing(code);
  const logs = message === null ? [] : [logOf(sent(MESSENGER[followed.transaction.chain], message))];
  followed.transaction.becameMined(receiptOf({ hash: followed.transaction.hash, logs, succeeded }));
  return followed;
}

/** A payout to the account itself of all that was deposited, but for what is said. */
export const payoutOf = (code: string, own: Partial<Payout> = {}): Payout => ({
  way: crossing(code).way,
  asset: BALANCE,
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
  id: idOf(1),
  queue: MESSENGER[1],
  hash: hashOf("relay"),
  block: 5,
  at: STARTED + 1000,
  logIndex: 9,
  payouts,
  answer: undefined,
  terms: undefined,
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
    bridge,
    relaysOf: (chain: Chain, message: MessageId) => found.get(`${chain}:${message}`) ?? [],
    owns: (one) => accounts.includes(one),
    formerMessages: () => [],
    // The chains say so.
    verdictOf: () => "lost",
    now: STARTED + 2000,
    slowAfter: 10_000,
    overdueAfter: 60_000,
    ...own,
  };
}
