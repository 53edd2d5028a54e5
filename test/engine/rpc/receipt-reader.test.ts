import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import { MalformedAnswer, Node, type Wanted } from "../../../stress/engine/rpc/index.ts";
import { FakeChain, feeAt, GWEI, hashOf } from "../../fakes/chain.ts";

const [A, B] = [hashOf("a"), hashOf("b")];
const BLOCK = 10;
const LOG = { address: `0x${"ab".repeat(20)}`, topics: [hashOf("topic")], data: "0x" };

const ALL: Wanted = { isOwn: () => true, isInteresting: () => true };

/** What a node leaves out of receipts, or has null in. */
type Gaps = Readonly<Record<string, null | undefined>>;

/**
 * A chain whose block 10 has two transactions: A pays a price, B what EIP-1559 asks. Single receipts and block receipts have
 * gaps.
 */
function chainWith({
  single = {},
  inBlock = {},
  mined = true,
}: Partial<Record<"single" | "inBlock", Gaps>> & { mined?: boolean }) {
  const chain = new FakeChain();
  chain.mine({ hash: A, price: 5n * GWEI, logs: [LOG] }, { hash: B, price: 3n * GWEI });
  const place = { blockNumber: toQuantity(BLOCK), blockHash: chain.hashAt(BLOCK) };
  const own = { 1: { gasPrice: toQuantity(5n * GWEI) }, 2: fees(50n * GWEI, GWEI) };
  const transaction = (hash: unknown) => ({
    hash,
    ...(hash === A ? own[1] : own[2]),
    ...(mined ? place : { blockNumber: null, blockHash: null }),
  });
  const gapped = (receipt: unknown, gaps: Gaps) =>
    JSON.parse(JSON.stringify({ ...(receipt as object), ...gaps })) as unknown;
  chain.answer("eth_getTransactionByHash", transaction);
  chain.answer("eth_getBlockByNumber", (number, isFull) => {
    const header = chain.real("eth_getBlockByNumber", [number, false]) as object;
    return { ...header, ...(isFull === true ? { transactions: [A, B].map(transaction) } : {}) };
  });
  chain.answer("eth_getTransactionReceipt", (hash) =>
    gapped(chain.real("eth_getTransactionReceipt", [hash]), single),
  );
  chain.answer("eth_getBlockReceipts", (number) =>
    (chain.real("eth_getBlockReceipts", [number]) as unknown[]).map((one) => gapped(one, inBlock)),
  );
  return { chain, node: new Node(chain) };
}

const fees = (most: bigint, tip: bigint) => ({
  maxFeePerGas: toQuantity(most),
  maxPriorityFeePerGas: toQuantity(tip),
  // Of a transaction that is not mined it is the most, and some nodes leave it so.
  gasPrice: toQuantity(most),
});

const GAPS: readonly Gaps[] = [
  { effectiveGasPrice: null },
  { effectiveGasPrice: undefined },
  { blockNumber: null },
  { blockNumber: undefined, blockHash: undefined },
  { blockHash: null },
  { effectiveGasPrice: null, blockNumber: null, blockHash: null },
];

describe("a receipt", () => {
  test.each(GAPS)("with the gaps %o is completed by its transaction and header", async (single) => {
    const { node } = chainWith({ single });
    const whole = await chainWith({}).node.receipt(A);
    expect(whole).toMatchObject({ hash: A, blockNumber: BLOCK, gasFee: feeAt(5n * GWEI) });
    expect(await node.receipt(A)).toEqual(whole);
    expect((await node.receipt(B))?.gasFee).toBe(feeAt(3n * GWEI));
  });

  test.each(GAPS)("in a block with the gaps %o is completed by one request for all", async (inBlock) => {
    const { node, chain } = chainWith({ inBlock });
    expect(await node.blockReceipts(BLOCK, ALL)).toEqual(await chainWith({}).node.blockReceipts(BLOCK, ALL));
    expect(chain.calls.map(({ method }) => method)).toEqual(["eth_getBlockReceipts", "eth_getBlockByNumber"]);
  });

  test("without gaps is not asked about any further", async () => {
    const { node, chain } = chainWith({});
    await Promise.all([node.receipt(A), node.blockReceipts(BLOCK, ALL)]);
    expect(chain.calls).toHaveLength(2);
  });

  test("that pays less than it offers is charged no more than that", async () => {
    const { node, chain } = chainWith({ single: { effectiveGasPrice: null } });
    chain.answer("eth_getTransactionByHash", (hash) => ({ hash, ...fees(2n * GWEI + 1n, GWEI) }));
    expect((await node.receipt(B))?.gasFee).toBe(feeAt(2n * GWEI + 1n));
  });

  test("of a block that lacks more is asked for by itself", async () => {
    const { node } = chainWith({ inBlock: { status: null, logs: undefined } });
    expect(await node.blockReceipts(BLOCK, ALL)).toEqual(await chainWith({}).node.blockReceipts(BLOCK, ALL));
  });

  test("of a transaction that is promised, but in no block yet, is none", async () => {
    const { node } = chainWith({ single: { blockNumber: null, blockHash: null }, mined: false });
    expect(await node.receipt(A)).toBeUndefined();
  });

  test("without its block is none as long as the nodes that are asked do not know its transaction", async () => {
    const { chain, node } = chainWith({ single: { blockNumber: null, blockHash: null } });
    chain.answer("eth_getTransactionByHash", () => null);
    expect(await node.receipt(A)).toBeUndefined();
  });

  test("without its price is none as long as the nodes that are asked do not know its transaction", async () => {
    const { chain, node } = chainWith({ single: { effectiveGasPrice: null } });
    chain.answer("eth_getTransactionByHash", () => null);
    expect(await node.receipt(A)).toBeUndefined();
  });

  test("that lacks only what its header has needs no node that knows its transaction", async () => {
    const { chain, node } = chainWith({ single: { blockHash: null } });
    chain.answer("eth_getTransactionByHash", () => null);
    expect(await node.receipt(A)).toMatchObject({ blockHash: chain.hashAt(BLOCK) });
  });

  test.each([
    ["does not have", () => null],
    ["has of another branch", () => ({ hash: hashOf("other"), baseFeePerGas: toQuantity(40n * GWEI) })],
  ])("without its price is none as long as the node that is asked for its block %s it", async (_, block) => {
    const { chain, node } = chainWith({
      single: { effectiveGasPrice: null },
      inBlock: { effectiveGasPrice: null },
    });
    chain.answer("eth_getBlockByNumber", block);
    expect(await node.receipt(B)).toBeUndefined();
    expect((await node.blockReceipts(BLOCK, ALL))?.own.map(({ hash }) => hash)).toEqual([A]);
  });
});

// A rollup closes a block with one that has no sender, no signature and no price.
describe("a transaction that nobody signed", () => {
  const unsigned = (hash: unknown) => ({ hash, type: "0x7d", from: null, input: "0x", value: "0x0" });

  test.each([{ inBlock: { effectiveGasPrice: null } }, { inBlock: { effectiveGasPrice: undefined } }])(
    "has paid nothing, and its block is read (%j)",
    async (gaps) => {
      const { node, chain } = chainWith({ ...gaps, single: gaps.inBlock });
      chain.answer("eth_getTransactionByHash", unsigned);
      const header = chain.real("eth_getBlockByNumber", [BLOCK, false]) as object;
      chain.answer("eth_getBlockByNumber", (_, isFull) =>
        isFull === true ? { ...header, transactions: [A, B].map(unsigned) } : header,
      );
      expect((await node.blockReceipts(BLOCK, ALL))?.own.map(({ gasFee }) => gasFee)).toEqual([0n, 0n]);
      expect((await node.receipt(A))?.gasFee).toBe(0n);
      expect((await node.blockTransactions(BLOCK)).map(({ from }) => from)).toEqual([
        `0x${"00".repeat(20)}`,
        `0x${"00".repeat(20)}`,
      ]);
    },
  );
});

describe("receipts of a block that others' transactions are in", () => {
  const ofB: Wanted = { isOwn: (hash) => hash === B, isInteresting: (address) => address === LOG.address };

  test("are read as far as they are wanted: one's own, and events of all", async () => {
    const { node, chain } = chainWith({});
    const receipts = await node.blockReceipts(BLOCK, ofB);
    expect(receipts).toMatchObject({ count: 2, haveEvents: true, own: [{ hash: B }] });
    expect(receipts?.own).toHaveLength(1);
    expect(receipts?.logs).toEqual((await node.receipt(A))?.logs);
    expect([...(receipts?.blockHashes ?? [])]).toEqual([chain.hashAt(BLOCK)]);
  });

  test("have events, though none of them is wanted", async () => {
    const { node } = chainWith({});
    const receipts = await node.blockReceipts(BLOCK, { ...ofB, isInteresting: () => false });
    expect([receipts?.haveEvents, receipts?.logs]).toEqual([true, []]);
  });

  test("need of others' neither price nor status", async () => {
    const { node, chain } = chainWith({});
    chain.answer("eth_getBlockReceipts", (number) =>
      (chain.real("eth_getBlockReceipts", [number]) as { transactionHash: string }[]).map((one) =>
        one.transactionHash === A ? { ...one, effectiveGasPrice: null, status: "strange" } : one,
      ),
    );
    const receipts = await node.blockReceipts(BLOCK, ofB);
    expect([receipts?.count, receipts?.logs.length]).toEqual([2, 1]);
    expect(chain.calls.map(({ method }) => method)).toEqual(["eth_getBlockReceipts"]);
  });

  test.each<[string, object]>([
    ["an event that is none", { logs: [7] }],
    ["an event whose address is none", { logs: [{ ...LOG, address: 7 }] }],
    ["no events at all", { logs: undefined }],
    ["events only in its bloom", { logs: [], logsBloom: `0x${"00".repeat(255)}01` }],
  ])("with %s of others are not taken for right", async (_, spoilt) => {
    const { node, chain } = chainWith({});
    chain.answer("eth_getBlockReceipts", (number) =>
      (chain.real("eth_getBlockReceipts", [number]) as object[]).map((one, at) =>
        at === 0 ? { ...one, ...spoilt } : one,
      ),
    );
    await expect(node.blockReceipts(BLOCK, ofB)).rejects.toBeInstanceOf(MalformedAnswer);
  });
});

describe("a receipt of a block that the chain has not reached", () => {
  test("is none to conclude from: another block may take its place", async () => {
    const { node, chain } = chainWith({});
    chain.unanswer("eth_getBlockByNumber");
    expect((await node.settledReceipt(A))?.hash).toBe(A);
    const promised = chain.real("eth_getTransactionReceipt", [A]) as object;
    chain.answer("eth_getTransactionReceipt", () => ({ ...promised, blockHash: hashOf("local") }));
    expect(await node.settledReceipt(A)).toBeUndefined();
    chain.answer("eth_getTransactionReceipt", () => ({ ...promised, blockNumber: toQuantity(BLOCK + 1) }));
    expect(await node.settledReceipt(A)).toBeUndefined();
  });
});

describe("what cannot be read", () => {
  test("of a receipt is told with method, transaction, block and field", async () => {
    const { node } = chainWith({ single: { gasUsed: null } });
    const thrown: unknown = await node.receipt(A).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(MalformedAnswer);
    expect(thrown).toMatchObject({
      message: `eth_getTransactionReceipt of ${A} (block 10): gasUsed is not a quantity`,
    });
  });

  test("of a block's receipts is told likewise, after each was asked for by itself", async () => {
    const { node, chain } = chainWith({ single: { status: null }, inBlock: { status: null } });
    await expect(node.blockReceipts(BLOCK, ALL)).rejects.toThrow(
      /^eth_getTransactionReceipt of 0x\w+ \(block 10\): status/,
    );
    expect(chain.asked("eth_getTransactionReceipt")).toBe(2);
  });

  test("of a price that nobody tells is its field, too", async () => {
    const { node, chain } = chainWith({ single: { effectiveGasPrice: null } });
    chain.answer("eth_getTransactionByHash", (hash) => ({ hash }));
    await expect(node.receipt(A)).rejects.toThrow("effectiveGasPrice is not a quantity");
  });
});
