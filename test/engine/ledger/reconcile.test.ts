import { describe, expect, test } from "vitest";
import { prove, reconcile } from "../../../stress/engine/audit/proofs.ts";
import { amountOf, BALANCE, Ledger, type ReconciledBooks } from "../../../stress/engine/ledger/index.ts";
import { reconcileAt } from "../../../stress/engine/ledger/reconcile.ts";
import { toQuantity } from "ethers";
import { deadEndpoint, feeAt, hashOf, nodeError } from "../../fakes/chain.ts";
import { OPENING, other, reconciling, STRANGER } from "../../fakes/reconciling.ts";
import { account, failing } from "../../fakes/submitting.ts";
import { hurry, wakeAll } from "../../fakes/timers.ts";

/** What L1's accounts have beside their balances: none has any. Tokens are on L2 alone. */
const NOTHING_ELSE = { stake: 0n };

const fromStrangers = (causes: ReconciledBooks["causes"]): bigint =>
  amountOf(causes["from strangers"] ?? {}, BALANCE);

/** The books of L1, which can be read. */
async function booksOf({ engine }: Awaited<ReturnType<typeof reconciling>>): Promise<ReconciledBooks> {
  const books = await hurry(reconcile(engine, 1));
  if (books.kind === "unknown") throw new Error(books.reason);
  return books;
}

describe("books and chain agree", () => {
  test("on what own transactions did, to the wei", async () => {
    const all = await reconciling();
    await all.pay(5n);
    await all.pay(7n);
    expect(await booksOf(all)).toEqual({
      kind: "reconciled",
      chain: 1,
      block: 11,
      opening: { ...NOTHING_ELSE, balance: 2n * OPENING },
      closing: { ...NOTHING_ELSE, balance: 2n * OPENING - 2n * feeAt() },
      // Payments between the run's own accounts change nothing of what they have together.
      causes: { "gas fee": { balance: -2n * feeAt() } },
      differences: [],
    });
  });

  test("where a stranger paid, and the payment is booked as that", async () => {
    const all = await reconciling();
    await all.pay();
    all.chain.mine(all.gift("gift", 30n));
    await all.pass(3);
    const { differences, causes } = await booksOf(all);
    expect([differences, fromStrangers(causes)]).toEqual([[], 30n]);
    expect(fromStrangers((await booksOf(all)).causes)).toBe(30n);
  });

  test("where strangers paid several times, also in one block", async () => {
    const all = await reconciling();
    all.chain.mine(all.gift("a", 30n), all.gift("b", 4n));
    await all.pay();
    all.chain.mine(all.gift("c", 1n));
    await all.pass(3);
    const { differences, causes } = await booksOf(all);
    expect([differences, fromStrangers(causes)]).toEqual([[], 35n]);
  });

  test("on the state of the block that was read, whatever came since", async () => {
    const all = await reconciling();
    await all.pay();
    all.chain.mine(all.gift("not read yet", 30n));
    expect(await booksOf(all)).toMatchObject({ block: 10, differences: [] });
  });

  test("where a reorganisation came in between, by comparing again", async () => {
    const all = await reconciling();
    const { chain } = all;
    await all.pay();
    let isFirst = true;
    chain.answer("eth_getBalance", async (...params) => {
      const answer = chain.real("eth_getBalance", params);
      if (!isFirst) return answer;
      isFirst = false;
      chain.fork(1);
      chain.mine();
      chain.mine();
      await wakeAll(3);
      return answer;
    });
    expect(await booksOf(all)).toMatchObject({
      block: 11,
      differences: [],
      closing: { balance: 2n * OPENING },
    });
  });
});

describe("a difference is told", () => {
  test("of a payout that brought less than its event says, with block and transaction", async () => {
    const all = await reconciling();
    await all.pay();
    await all.pass(10);
    const block = await all.payout("skimmed", 1000n, 900n);
    await all.pass(20);
    expect((await booksOf(all)).differences).toEqual([
      {
        amounts: { ...NOTHING_ELSE, balance: -100n },
        chain: 1,
        account: account.address,
        between: [block - 1, block],
        transactions: [hashOf("skimmed")],
        foreign: [],
      },
    ]);
  });

  test("from others in other blocks", async () => {
    const all = await reconciling();
    const first = await all.payout("first", 1000n, 900n);
    await all.pass(10);
    const second = await all.payout("second", 1000n, 1001n);
    await all.pass(10);
    expect((await booksOf(all)).differences).toMatchObject([
      { amounts: { balance: -100n }, between: [first - 1, first], transactions: [hashOf("first")] },
      { amounts: { balance: 1n }, between: [second - 1, second], transactions: [hashOf("second")] },
    ]);
  });

  test("of each account for itself", async () => {
    const all = await reconciling();
    all.chain.mine({ hash: hashOf("a"), balances: { [account.address]: -3n, [other.address]: 3n } });
    await all.pass(2);
    expect((await booksOf(all)).differences).toMatchObject([
      { account: account.address, amounts: { balance: -3n } },
      { account: other.address, amounts: { balance: 3n } },
    ]);
  });

  test("from what a stranger paid in the same block", async () => {
    const all = await reconciling();
    await all.pass(3);
    all.chain.mine(all.gift("gift", 30n), { hash: hashOf("theft"), balances: { [account.address]: -100n } });
    await all.pass(3);
    const { differences, causes } = await booksOf(all);
    expect(differences).toMatchObject([{ amounts: { balance: -100n }, between: [12, 13] }]);
    expect(fromStrangers(causes)).toBe(30n);
  });

  test("with transactions of the account that this run did not send", async () => {
    const all = await reconciling();
    const transfer = { from: account.address, to: STRANGER, value: 100n };
    all.chain.mine({ hash: hashOf("own"), transfer, balances: { [account.address]: -100n - feeAt() } });
    await all.pass(3);
    expect((await booksOf(all)).differences).toMatchObject([
      { amounts: { balance: -100n - feeAt() }, transactions: [], foreign: [hashOf("own")] },
    ]);
  });

  test("where a stranger's payment failed: it explains nothing", async () => {
    const all = await reconciling();
    all.chain.mine({ ...all.gift("gift", 30n), reverted: true });
    await all.pass(3);
    expect((await booksOf(all)).differences).toMatchObject([
      { amounts: { balance: 30n }, transactions: [], foreign: [] },
    ]);
  });

  test("without its block where the node has no old states", async () => {
    const all = await reconciling();
    await all.payout("skimmed", 1000n, 900n);
    await all.pass(20);
    all.chain.oldestState = 30;
    expect((await booksOf(all)).differences).toMatchObject([
      { amounts: { balance: -100n }, between: [9, 30], transactions: [hashOf("skimmed")] },
    ]);
  });

  test("as the rest of all, where there are more than are told apart", async () => {
    const all = await reconciling();
    for (let number = 0; number < 25; number++) await all.payout(`skimmed ${number}`, 1000n, 999n);
    await all.pass(2);
    const { differences } = await booksOf(all);
    expect(differences).toHaveLength(21);
    expect(differences.at(-1)).toMatchObject({ amounts: { balance: -5n } });
  });

  test("even by a node that answers otherwise each time it is asked", async () => {
    const all = await reconciling();
    await all.pass(1);
    await hurry(all.engine.openAccounts([account.address]));
    await all.pass(1);
    let asked = 0;
    all.chain.answer("eth_getBalance", (...params) => {
      const answer = BigInt(String(all.chain.real("eth_getBalance", params)));
      if (params[0] !== account.address) return toQuantity(answer);
      const isOdd = asked++ % 2 === 1;
      return toQuantity(isOdd || asked === 1 ? answer + 5n : answer);
    });
    const { differences } = await booksOf(all);
    expect(differences).toHaveLength(1);
  });
});

describe("where older entries are added up", () => {
  /**
   * Books that keep few entries: in each block that comes an account is paid 1 wei, as is booked, and in one it gets 1 less.
   *
   * @param short the number of that block among them
   */
  async function added(short: number) {
    const all = await reconciling();
    const { chain, engine } = all;
    const ledger = new Ledger([], undefined, 50);
    ledger.open(account.address, 1, chain.head);
    ledger.setOpening(account.address, 1, { balance: OPENING });
    const first = chain.head;
    for (let block = 1; block <= 400; block++) {
      const hash = hashOf(`payout ${block}`);
      chain.mine({ hash, balances: { [account.address]: block === short ? 0n : 1n } });
      const entry = { asset: BALANCE, amount: 1n, block: chain.head, hash, cause: "payout" } as const;
      ledger.add(account.address, 1, entry);
      ledger.addUp(1, chain.head - 10);
    }
    const openedAt = ledger.page(account.address, 1)?.openedAt ?? 0;
    const reconciled = async () => {
      const books = await hurry(
        reconcileAt({ nodes: engine.nodes, assets: engine.assets, ledger }, 1, chain.head),
      );
      if (books.kind === "unknown") throw new Error(books.reason);
      return books.differences;
    };
    return { ...all, first, openedAt, reconciled };
  }

  test("a difference since is told with its block", async () => {
    const { first, openedAt, reconciled } = await added(390);
    expect(openedAt).toBeGreaterThan(first + 200);
    expect(await reconciled()).toMatchObject([
      {
        amounts: { balance: -1n },
        between: [first + 389, first + 390],
        transactions: [hashOf("payout 390")],
      },
    ]);
  });

  test("one before is told as of some block before", async () => {
    const { first, openedAt, reconciled } = await added(7);
    expect(await reconciled()).toMatchObject([
      { amounts: { balance: -1n }, between: [first, openedAt], transactions: [] },
    ]);
  });

  test("one before and a stranger's payment since are told apart, and the payment is booked", async () => {
    const { chain, first, openedAt, gift, reconciled } = await added(7);
    chain.mine(gift("gift", 30n));
    expect(await reconciled()).toMatchObject([{ amounts: { balance: -1n }, between: [first, openedAt] }]);
    expect(await reconciled()).toHaveLength(1);
  });

  test("one before is as old as the books, for all that is known, where the node has no old states", async () => {
    const { chain, first, reconciled } = await added(7);
    chain.oldestState = chain.head;
    expect(await reconciled()).toMatchObject([{ amounts: { balance: -1n }, between: [first, chain.head] }]);
  });
});

describe("the books of a chain are unknown", () => {
  test("where it cannot be read", async () => {
    const { chain, engine } = await reconciling();
    chain.answer("eth_getBalance", () => {
      throw nodeError("missing trie node");
    });
    expect(await hurry(reconcile(engine, 1))).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("missing trie node"),
    });
  });

  test("where it is reorganised again and again", async () => {
    const { chain, engine } = await reconciling();
    chain.mine();
    await wakeAll();
    chain.answer("eth_getBalance", async (...params) => {
      if (params[0] === account.address) {
        chain.fork(1);
        chain.mine();
        chain.mine();
        await wakeAll(3);
      }
      return chain.real("eth_getBalance", params);
    });
    expect(await hurry(reconcile(engine, 1))).toEqual({
      kind: "unknown",
      chain: 1,
      reason: "the chain kept being reorganised",
    });
  });

  test("but not where its endpoint fails now and then", async () => {
    const all = await reconciling();
    await all.pay();
    failing(all.chain, "eth_getBalance", deadEndpoint(), nodeError("rate limit"), deadEndpoint());
    expect((await booksOf(all)).differences).toEqual([]);
  });
});

test("both proofs are given of both chains", async () => {
  const all = await reconciling();
  const block = await all.payout("skimmed", 1000n, 900n);
  const { ledger, audit } = await hurry(prove(all.engine));
  expect(ledger.chains[1]).toMatchObject({ differences: [{ between: [block - 1, block] }] });
  expect(ledger.chains[2]).toMatchObject({ kind: "reconciled", differences: [] });
  expect([ledger.unaccounted, audit.exceptions]).toEqual([{ 1: -100n, 2: 0n }, []]);
});
