import type { Chain, PerChain } from "../base/index.ts";
import { classifyRpcError, type Node, type TxHash } from "../rpc/index.ts";
import { type Asset, readHolding } from "./assets.ts";
import type { Difference } from "./books.ts";
import { add, BALANCE, type Holding, isNothing, isSame, NOTHING, subtract } from "./holding.ts";
import { CAUSES, type Ledger, type Page } from "./ledger.ts";

/** Differences of one account that are told apart; what comes after them is one. */
const MOST_DIFFERENCES = 20;

/** Blocks of one account that are looked into: a node that answers otherwise each time would have it go on for ever. */
const MOST_ROUNDS = 1000;

/** The books, and what they are compared with. */
export interface BooksSources {
  readonly nodes: PerChain<Node>;
  readonly assets: readonly Asset[];
  readonly ledger: Ledger;
}

/** One account whose books do not agree with a chain. */
interface Case {
  readonly sources: BooksSources;
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
  sources: BooksSources,
  chain: Chain,
  account: string,
  last: number,
): Promise<Difference[]> {
  const one: Case = { sources, chain, account };
  const page = sources.ledger.page(account, chain);
  if (page === undefined) return [];
  const differences: Difference[] = [];
  let known = NOTHING;
  let from = page.takenUpAt;
  for (let round = 1; ; round++) {
    const whole = subtract(await differenceAt(one, last), known);
    if (isNothing(whole)) return differences;
    const isWorthIt = differences.length < MOST_DIFFERENCES && round <= MOST_ROUNDS;
    const before = isWorthIt ? await addedUp(one, page, from) : undefined;
    if (before !== undefined) {
      if (!isSame(before.holding, known))
        differences.push(differenceOf(one, subtract(before.holding, known), [from, before.block], []));
      known = before.holding;
      from = before.block;
      continue;
    }
    // The books say nothing of single blocks that are added up.
    const isKnown = isWorthIt && from >= page.openedAt;
    const block = isKnown ? await orWithoutStates(firstBlock(one, known, from, last)) : undefined;
    if (block === undefined) {
      differences.push(differenceOf(one, whole, [from, last], []));
      return differences;
    }
    const { foreign, isExplained } = await lookInto(one, block);
    if (isExplained) continue;
    const found = subtract(await differenceAt(one, block), known);
    if (isNothing(found)) continue;
    differences.push(differenceOf(one, found, [block - 1, block], foreign));
    known = add(known, found);
    from = block;
  }
}

/**
 * What the account had more than is booked where its entries begin, as older ones are added up: in which of these blocks it came,
 * nobody can say. undefined: nothing is added up that was not looked at, or the node has no such old state.
 */
async function addedUp(
  one: Case,
  { openedAt: block }: Readonly<Page>,
  from: number,
): Promise<{ readonly block: number; readonly holding: Holding } | undefined> {
  const holding = block > from ? await orWithoutStates(differenceAt(one, block)) : undefined;
  return holding === undefined ? undefined : { block, holding };
}

/** What the account has more in the state of a block than is booked. */
async function differenceAt({ sources, chain, account }: Case, block: number): Promise<Holding> {
  const actual = await readHolding(sources.assets, account, chain, block);
  return subtract(actual, sources.ledger.bookedAt(account, chain, block));
}

/** The first block after `from` whose state differs otherwise than is known. */
async function firstBlock(one: Case, known: Holding, from: number, last: number): Promise<number> {
  let [good, bad] = [from, last];
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (isSame(await differenceAt(one, middle), known)) good = middle;
    else bad = middle;
  }
  return bad;
}

/** Nodes without an archive keep few old states: undefined then, and a difference is told without its block. */
async function orWithoutStates<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (classifyRpcError(error) === "own mistake") throw error;
    return undefined;
  }
}

function differenceOf(
  { sources, chain, account }: Case,
  amounts: Holding,
  between: readonly [number, number],
  foreign: readonly TxHash[],
): Difference {
  const entries = sources.ledger.entries(account, chain);
  const hashes = entries
    .filter(({ block }) => block > between[0] && block <= between[1])
    .map(({ hash }) => hash);
  return { amounts, chain, account, between, transactions: [...new Set(hashes)], foreign };
}

/** Books what strangers paid to the account in a block. */
async function lookInto(
  { sources, chain, account }: Case,
  block: number,
): Promise<{ foreign: TxHash[]; isExplained: boolean }> {
  const { nodes, ledger } = sources;
  const transactions = await nodes[chain].blockTransactions(block);
  const booked = new Set(ledger.entries(account, chain).map(({ hash }) => hash));
  const own = account.toLowerCase();
  const unknown = transactions.filter(({ hash }) => !booked.has(hash));
  let isExplained = false;
  for (const { hash, value, from, to } of unknown) {
    if (to !== own || from === own || value === 0n) continue;
    const receipt = await nodes[chain].receipt(hash);
    if (receipt?.succeeded !== true) continue;
    ledger.add(account, chain, { asset: BALANCE, amount: value, block, hash, cause: CAUSES.fromStrangers });
    isExplained = true;
  }
  const foreign = unknown.filter(({ from }) => from === own).map(({ hash }) => hash);
  return { foreign, isExplained };
}
