import { toQuantity } from "ethers";
import { drawsOf, wholeBelow } from "../stress/engine/base/index.ts";
import { Account, transfer } from "../stress/engine/transactions/index.ts";
import { signVersion } from "../stress/engine/transactions/signing.ts";
import { ask, askAll } from "./json-rpc.ts";

/** What a chain takes when nothing is done but sending what was signed beforehand. */
export interface Ceiling {
  /** Transfers that were included in a second. */
  readonly perSecond: number;
  /** Milliseconds of processor time that signing one takes. */
  readonly signingMs: number;
}

/** Transfers of one request, as pre-signed blasters send them, and requests that are under way at once. */
const IN_A_REQUEST = 200;
const AT_ONCE = 4;

/** Wei that each account is given, and that each transfer offers for a gas. */
const GIVEN = 10n ** 18n;
const PRICE = 100n * 10n ** 9n;

/** Blocks of the beginning and end count for nothing: they are not full. */
const EDGE_BLOCKS = 2;

/** How often the next block is asked for. Milliseconds. */
const POLL_MS = 20;

/** How much is sent to find a ceiling out. */
export interface CeilingTold {
  readonly accounts: number;
  /** Transfers of each account. */
  readonly each: number;
  /** How often the same was done on this chain before. */
  readonly before: number;
}

/**
 * Blasts plain transfers of as many accounts as a run has children, signed beforehand, in batches, and counts what blocks include. Nobody
 * waits for receipts, and nothing is written.
 */
export async function ceilingOf(url: string, { accounts, each, before }: CeilingTold): Promise<Ceiling> {
  const senders = Array.from({ length: accounts }, (_, at) => new Account(keyOf(at)));
  for (let at = 0; at < accounts; at += IN_A_REQUEST)
    await askAll(
      url,
      senders
        .slice(at, at + IN_A_REQUEST)
        .map(({ address }) => ["hardhat_setBalance", [address, toQuantity(GIVEN)]] as const),
    );
  const chainId = BigInt(String(await ask(url, "eth_chainId")));
  const used = process.cpuUsage();
  const raw: string[] = [];
  // All first ones, then all second ones: whoever comes first is not done before others begin.
  for (let nonce = each * before; nonce < each * (before + 1); nonce++)
    for (let at = 0; at < accounts; at++)
      raw.push(signed(senders[at], receiver(senders, nonce, at), nonce, chainId));
  const { user, system } = process.cpuUsage(used);
  const first = Number(await ask(url, "eth_blockNumber"));
  const [perSecond] = await Promise.all([includedPerSecond(url, first, raw.length), sendAll(url, raw)]);
  return { perSecond, signingMs: (user + system) / 1000 / raw.length };
}

/**
 * A run's children draw whom they pay. Where each paid the next one, a block would touch a third fewer accounts, and take the chain less time.
 */
const receiver = (senders: readonly Account[], nonce: number, at: number): string =>
  senders[wholeBelow(drawsOf(0, at, nonce)("receiver"), senders.length)]?.address ?? "";

const keyOf = (number: number): string => `0x5e${number.toString(16).padStart(62, "0")}`;

function signed(sender: Account | undefined, to: string, nonce: number, chainId: bigint): string {
  if (sender === undefined) throw new RangeError("an account that is not there");
  const fees = { type: 2, maxFeePerGas: PRICE, maxPriorityFeePerGas: 0n } as const;
  return signVersion(sender, transfer(to, 1n), { chainId, nonce, gasLimit: 21_000n, fees }).raw;
}

async function sendAll(url: string, raw: readonly string[]): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < raw.length) {
      const some = raw.slice(next, next + IN_A_REQUEST);
      next += IN_A_REQUEST;
      await askAll(
        url,
        some.map((one) => ["eth_sendRawTransaction", [one]] as const),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

/** A block as somebody saw it come. */
interface Seen {
  readonly transactions: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Watches blocks after one come until they have included so many, and tells how many of them a second that was. */
async function includedPerSecond(url: string, first: number, count: number): Promise<number> {
  const blocks: Seen[] = [];
  for (let included = 0; included < count; ) {
    const next = toQuantity(first + 1 + blocks.length);
    const found = (await ask(url, "eth_getBlockTransactionCountByNumber", next)) as string | null;
    if (found === null) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      continue;
    }
    blocks.push({ transactions: Number(found), at: Date.now() });
    included += Number(found);
  }
  const busy = blocks.slice(
    blocks.findIndex(({ transactions }) => transactions > 0),
    -EDGE_BLOCKS,
  );
  const [start, ...rest] = busy.slice(EDGE_BLOCKS);
  const end = rest.at(-1);
  if (start === undefined || end === undefined)
    throw new Error("too few blocks to tell a ceiling by: more transfers are needed");
  return rest.reduce((sum, { transactions }) => sum + transactions, 0) / ((end.at - start.at) / 1000);
}
