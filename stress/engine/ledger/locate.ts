import { toQuantity } from "ethers";
import type { Chain } from "../base/chain.ts";
import type { Connection } from "../run/connection.ts";
import { readHolding } from "./read-holding.ts";
import { parseReceipt, quantity, type TxHash } from "../rpc/receipt.ts";
import type { Difference } from "./books.ts";
import { add, type Holding, isSame, NOTHING, subtract } from "./holding.ts";
import { bookedAt } from "./ledger.ts";

/** Differences of one account that are told apart; what comes after them is one. */
const MOST_DIFFERENCES = 20;

/** Blocks of one account that are looked into: a node that answers otherwise each time would have it go on for ever. */
const MOST_ROUNDS = 1000;

type Sources = Pick<Connection, "rpcs" | "contracts" | "exitFee" | "ledger">;

/** One account whose books do not agree with a chain. */
interface Case {
  readonly sources: Sources;
  readonly chain: Chain;
  readonly account: string;
}

/**
 * Finds the blocks in which an account's books and its chain part. What a stranger paid there is booked as such; the rest
 * are differences.
 *
 * @param last the block whose state was compared
 */
export async function locate(
  sources: Sources,
  chain: Chain,
  account: string,
  last: number,
): Promise<Difference[]> {
  const one: Case = { sources, chain, account };
  const differences: Difference[] = [];
  let known = NOTHING;
  let from = 0;
  for (let round = 1; ; round++) {
    const whole = subtract(await differenceAt(one, last), known);
    if (isSame(whole, NOTHING)) return differences;
    // What is booked may have older entries added up: the books say nothing of the blocks before.
    from = Math.max(from, sources.ledger.page(account, chain)?.openedAt ?? last);
    const isWorthIt = differences.length < MOST_DIFFERENCES && round <= MOST_ROUNDS;
    const block = isWorthIt ? await firstBlock(one, known, from, last) : undefined;
    if (block === undefined) {
      differences.push(differenceOf(one, whole, [from, last], []));
      return differences;
    }
    const { foreign, isExplained } = await lookInto(one, block);
    if (isExplained) continue;
    const found = subtract(await differenceAt(one, block), known);
    if (isSame(found, NOTHING)) continue;
    differences.push(differenceOf(one, found, [block - 1, block], foreign));
    known = add(known, found);
    from = block;
  }
}

/** What the account has more in the state of a block than is booked. */
async function differenceAt({ sources, chain, account }: Case, block: number): Promise<Holding> {
  const actual = await readHolding(sources, account, chain, block);
  const page = sources.ledger.page(account, chain);
  return page === undefined ? NOTHING : subtract(actual, bookedAt(page, block));
}

/** The first block after `from` whose state differs otherwise than is known; undefined where the node has no old states. */
async function firstBlock(
  one: Case,
  known: Holding,
  from: number,
  last: number,
): Promise<number | undefined> {
  let [good, bad] = [from, last];
  try {
    while (good + 1 < bad) {
      const middle = (good + bad) >> 1;
      if (isSame(await differenceAt(one, middle), known)) good = middle;
      else bad = middle;
    }
    return bad;
  } catch {
    // Nodes without an archive keep few old states. The difference is told without its block.
    return undefined;
  }
}

function differenceOf(
  { sources, chain, account }: Case,
  holding: Holding,
  between: readonly [number, number],
  foreign: readonly TxHash[],
): Difference {
  const entries = sources.ledger.page(account, chain)?.entries ?? [];
  const hashes = entries
    .filter(({ block }) => block > between[0] && block <= between[1])
    .map(({ hash }) => hash);
  return { ...holding, chain, account, between, transactions: [...new Set(hashes)], foreign };
}

interface FullTransaction {
  readonly hash: TxHash;
  readonly from: string;
  readonly to: string | null;
  readonly value: string;
}

/** Books what strangers paid to the account in a block. */
async function lookInto(
  { sources, chain, account }: Case,
  block: number,
): Promise<{ foreign: TxHash[]; isExplained: boolean }> {
  const { rpcs, ledger } = sources;
  const answer = await rpcs[chain].send("eth_getBlockByNumber", [toQuantity(block), true]);
  const { transactions } = answer as { transactions: readonly FullTransaction[] };
  const booked = new Set(ledger.page(account, chain)?.entries.map(({ hash }) => hash));
  const own = account.toLowerCase();
  const unknown = transactions.filter(({ hash }) => !booked.has(hash));
  const incoming = unknown.filter(({ to, value }) => to?.toLowerCase() === own && quantity(value) > 0n);
  let isExplained = false;
  for (const { hash, value, from } of incoming) {
    if (from.toLowerCase() === own) continue;
    const receipt = parseReceipt(await rpcs[chain].send("eth_getTransactionReceipt", [hash]));
    if (receipt?.succeeded !== true) continue;
    const entry = { balance: quantity(value), stake: 0n, tokens: 0n, block, hash } as const;
    ledger.add(account, chain, { ...entry, cause: "from strangers" });
    isExplained = true;
  }
  const foreign = unknown.filter(({ from }) => from.toLowerCase() === own).map(({ hash }) => hash);
  return { foreign, isExplained };
}
