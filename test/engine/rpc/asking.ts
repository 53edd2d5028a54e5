import { z } from "zod";
import { type Node, quantity, type ReadFees } from "../../../stress/engine/rpc/index.ts";
import { hashOf } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";

const ACCOUNT = addressOf(1);
const LOWER = ACCOUNT.toLowerCase();
const HASH = hashOf("a");
const BLOCK_HASH = hashOf("its block");

/** What the chain of these tests charges beside gas × price. */
export const readFees: ReadFees = ({ l1Fee }) =>
  l1Fee === undefined ? [] : [{ cause: "data", wei: quantity(l1Fee, "l1Fee") }];

/** One method of a node: how it is asked, and what it makes of the right answer. */
export interface Question {
  readonly name: string;
  readonly ask: (node: Node) => Promise<unknown>;
  /** Requests as the JSON-RPC specification has them: each method with its parameters. */
  readonly requests: readonly (readonly [string, readonly unknown[]])[];
  /** As a node gives it to the first of them. */
  readonly answer: unknown;
  readonly value: unknown;
  /** What any value that it gives must look like. */
  readonly right: z.ZodType;
  /** Whether null is an answer: what was asked for is not there. */
  readonly mayBeNull?: boolean;
}

const log = {
  address: ACCOUNT,
  topics: [HASH],
  data: "0x1234",
  blockNumber: "0x10",
  transactionHash: HASH,
  logIndex: "0x3",
};
const readLog = { ...log, address: LOWER, blockNumber: 16, logIndex: 3 };

/** A receipt as a node tells it. */
export const RECEIPT = {
  transactionHash: HASH,
  blockNumber: "0x10",
  blockHash: BLOCK_HASH,
  status: "0x1",
  gasUsed: "0x5208",
  effectiveGasPrice: "0x2",
  l1Fee: "0x64",
  logs: [log],
};
const readReceipt = {
  hash: HASH,
  blockNumber: 16,
  blockHash: BLOCK_HASH,
  succeeded: true,
  gasUsed: 21_000n,
  gasFee: 42_000n,
  fees: [{ cause: "data", wei: 100n }],
  logs: [readLog],
};

const block = {
  number: "0x10",
  hash: BLOCK_HASH,
  parentHash: hashOf("the one before"),
  baseFeePerGas: "0x7",
  logsBloom: `0x${"00".repeat(256)}`,
  transactions: [HASH],
};

const transaction = { hash: HASH, from: ACCOUNT, to: ACCOUNT, input: "0x1234", value: "0x5" };
const readTransaction = { hash: HASH, from: LOWER, to: LOWER, data: "0x1234", value: 5n };

const amount = z.bigint().nonnegative();
const count = z.int().nonnegative();
const bytes = z.string().regex(/^0x([0-9a-f]{2})*$/i);

const rightLog = z.strictObject({
  address: z.string(),
  topics: z.array(bytes),
  data: bytes,
  blockNumber: count,
  transactionHash: z.string(),
  logIndex: count,
});

const rightReceipt = z.strictObject({
  hash: z.string(),
  blockNumber: count,
  blockHash: z.string(),
  succeeded: z.boolean(),
  gasUsed: amount,
  gasFee: amount,
  fees: z.array(z.strictObject({ cause: z.string(), wei: z.bigint().positive() })),
  logs: z.array(rightLog),
});

const rightBlock = z.strictObject({
  number: count,
  hash: z.string(),
  parentHash: z.string(),
  baseFee: amount.optional(),
  timestamp: z.number().optional(),
  hasReceipts: z.boolean().optional(),
  logsBloom: bytes.optional(),
  transactions: z.array(z.string()),
});

const rightTransaction = z.strictObject({
  hash: z.string(),
  from: z.string(),
  to: z.string().optional(),
  data: bytes,
  value: amount,
});

const filter = { address: [LOWER], topics: [[HASH], LOWER] };

/** Everything that a node is asked, its answers being those of one small chain. */
export const QUESTIONS: readonly Question[] = [
  {
    name: "chainId",
    ask: (node) => node.chainId(),
    requests: [["eth_chainId", []]],
    answer: "0x7a69",
    value: 31_337n,
    right: amount,
  },
  {
    name: "blockNumber",
    ask: (node) => node.blockNumber(),
    requests: [["eth_blockNumber", []]],
    answer: "0x10",
    value: 16,
    right: count,
  },
  {
    name: "block",
    ask: (node) => node.block(16),
    requests: [["eth_getBlockByNumber", ["0x10", false]]],
    answer: block,
    value: {
      number: 16,
      hash: BLOCK_HASH,
      parentHash: block.parentHash,
      baseFee: 7n,
      logsBloom: block.logsBloom,
      transactions: [HASH],
    },
    right: rightBlock,
    mayBeNull: true,
  },
  {
    name: "blockTransactions",
    ask: (node) => node.blockTransactions(16),
    requests: [["eth_getBlockByNumber", ["0x10", true]]],
    answer: { ...block, transactions: [transaction, { ...transaction, to: null }] },
    value: [readTransaction, { ...readTransaction, to: undefined }],
    right: z.array(rightTransaction),
  },
  {
    name: "blockReceipts",
    ask: (node) => node.blockReceipts(16, { isOwn: () => true, isInteresting: () => true }),
    requests: [["eth_getBlockReceipts", ["0x10"]]],
    answer: [RECEIPT],
    value: {
      count: 1,
      blockHashes: new Set([BLOCK_HASH]),
      own: [readReceipt],
      logs: [readLog],
      haveEvents: true,
    },
    right: z.strictObject({
      count: z.int(),
      blockHashes: z.set(z.string()),
      own: z.array(rightReceipt),
      logs: z.array(rightLog),
      haveEvents: z.boolean(),
    }),
    mayBeNull: true,
  },
  {
    name: "receipt",
    ask: (node) => node.receipt(HASH),
    requests: [["eth_getTransactionReceipt", [HASH]]],
    answer: RECEIPT,
    value: readReceipt,
    right: rightReceipt,
    mayBeNull: true,
  },
  {
    name: "transaction",
    ask: (node) => node.transaction(HASH),
    requests: [["eth_getTransactionByHash", [HASH]]],
    answer: transaction,
    value: readTransaction,
    right: rightTransaction,
    mayBeNull: true,
  },
  {
    name: "isKnown",
    ask: (node) => node.isKnown(HASH),
    requests: [["eth_getTransactionByHash", [HASH]]],
    answer: transaction,
    value: true,
    right: z.boolean(),
  },
  {
    name: "logs of one block",
    ask: (node) => node.logs({ ...filter, blockHash: BLOCK_HASH }),
    requests: [["eth_getLogs", [{ ...filter, blockHash: BLOCK_HASH }]]],
    answer: [log],
    value: [readLog],
    right: z.array(rightLog),
  },
  {
    name: "logs of many blocks",
    ask: (node) => node.logs({ address: LOWER, topics: [HASH], fromBlock: 0, toBlock: "latest" }),
    requests: [["eth_getLogs", [{ address: LOWER, topics: [HASH], fromBlock: "0x0", toBlock: "latest" }]]],
    answer: [],
    value: [],
    right: z.array(rightLog),
  },
  {
    name: "balance",
    ask: (node) => node.balance(ACCOUNT),
    requests: [["eth_getBalance", [ACCOUNT, "latest"]]],
    answer: "0xde0b6b3a7640000",
    value: 10n ** 18n,
    right: amount,
  },
  {
    name: "balance as of a block",
    ask: (node) => node.balance(ACCOUNT, 16),
    requests: [["eth_getBalance", [ACCOUNT, "0x10"]]],
    answer: "0x0",
    value: 0n,
    right: amount,
  },
  {
    name: "transactionCount",
    ask: (node) => node.transactionCount(ACCOUNT, "pending"),
    requests: [["eth_getTransactionCount", [ACCOUNT, "pending"]]],
    answer: "0x7",
    value: 7,
    right: count,
  },
  {
    name: "hasCode",
    ask: (node) => node.hasCode(ACCOUNT),
    requests: [["eth_getCode", [ACCOUNT, "latest"]]],
    answer: "0x6001",
    value: true,
    right: z.boolean(),
  },
  {
    name: "hasCode of an account as of a block",
    ask: (node) => node.hasCode(ACCOUNT, 0),
    requests: [["eth_getCode", [ACCOUNT, "0x0"]]],
    answer: "0x",
    value: false,
    right: z.boolean(),
  },
  {
    name: "storage",
    ask: (node) => node.storage(ACCOUNT, 2, 16),
    requests: [["eth_getStorageAt", [ACCOUNT, "0x2", "0x10"]]],
    answer: BLOCK_HASH,
    value: BLOCK_HASH,
    right: z.string().regex(/^0x[0-9a-f]*$/i),
  },
  {
    name: "gasPrice",
    ask: (node) => node.gasPrice(),
    requests: [["eth_gasPrice", []]],
    answer: "0x3b9aca00",
    value: 10n ** 9n,
    right: amount,
  },
  {
    name: "estimateGas",
    ask: (node) => node.estimateGas({ from: ACCOUNT, to: LOWER, data: "0x12", value: 5n }),
    requests: [["eth_estimateGas", [{ from: ACCOUNT, to: LOWER, data: "0x12", value: "0x5" }]]],
    answer: "0x186a0",
    value: 100_000n,
    right: amount,
  },
  {
    name: "suffices",
    ask: (node) => node.suffices(21_000n, { from: ACCOUNT, to: LOWER, data: "0x", value: 1n }),
    requests: [
      ["eth_call", [{ from: ACCOUNT, to: LOWER, data: "0x", value: "0x1", gas: "0x5208" }, "latest"]],
    ],
    answer: "0x12",
    value: true,
    right: z.literal(true),
  },
  {
    name: "call",
    ask: (node) => node.call(ACCOUNT, "0x12345678", 16),
    requests: [["eth_call", [{ to: ACCOUNT, data: "0x12345678" }, "0x10"]]],
    answer: "0x12",
    value: "0x12",
    right: bytes,
  },
];
