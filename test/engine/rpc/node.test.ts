import { Interface, toQuantity } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { callContract, MalformedAnswer, Node } from "../../../stress/engine/rpc/index.ts";
import { deadEndpoint, FakeChain, hashOf, nodeError } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { runs } from "../../fakes/property.ts";
import { QUESTIONS, readFees, RECEIPT } from "./asking.ts";

const ACCOUNT = addressOf(1);
const HASH = hashOf("a");

/** A node that answers these methods so, and no others; and what it was asked. */
function answering(answers: Readonly<Record<string, unknown>>) {
  const chain = new FakeChain(0);
  for (const [method, answer] of Object.entries(answers)) chain.answer(method, () => answer);
  return { node: new Node(chain, readFees), calls: chain.calls, chain };
}

describe("a node that is asked for", () => {
  test.each(QUESTIONS)("$name gets its request, and its answer is read", async (question) => {
    const { ask, requests, answer, value } = question;
    const [[method] = [""]] = requests;
    const { node, calls } = answering({ [method]: answer });
    expect(await ask(node)).toEqual(value);
    expect(calls.map((call) => [call.method, call.params])).toEqual(requests);
  });

  test.each(QUESTIONS.filter(({ mayBeNull = false }) => mayBeNull))(
    "$name may say that it is not there",
    async ({ ask, requests: [[method] = [""]] }) => {
      expect(await ask(answering({ [method]: null }).node)).toBeUndefined();
    },
  );

  test.each(QUESTIONS)("$name has its errors passed on", async ({ ask, requests: [[method] = [""]] }) => {
    const { node, chain } = answering({});
    const error = nodeError("missing trie node");
    chain.answer(method, () => {
      throw error;
    });
    await expect(ask(node)).rejects.toBe(error);
  });

  test("a transaction that it does not know says so", async () => {
    expect(await answering({ eth_getTransactionByHash: null }).node.isKnown(HASH)).toBe(false);
  });

  test("a block's header as it has it leaves nothing out", async () => {
    const header = { number: "0x1", whatever: ["it", "is"] };
    const { node, calls } = answering({ eth_getBlockByNumber: header });
    expect(await node.rawBlock(1)).toBe(header);
    expect(calls).toEqual([{ method: "eth_getBlockByNumber", params: ["0x1", false] }]);
  });

  test("taking a transaction gets its bytes, and what it answers does not matter", async () => {
    const { node, calls } = answering({ eth_sendRawTransaction: "whatever" });
    expect(await node.sendRaw("0x02f8")).toBeUndefined();
    expect(calls).toEqual([{ method: "eth_sendRawTransaction", params: ["0x02f8"] }]);
  });
});

describe("an answer that is not what the specification says", () => {
  const find = (name: string) => QUESTIONS.find((question) => question.name === name);

  test.each<[string, unknown, string]>([
    ["hasCode", null, "a contract"],
    ["hasCode", {}, "a contract"],
    ["isKnown", true, "a transaction"],
    ["isKnown", "no such transaction", "a transaction"],
    ["blockReceipts", {}, "a block that is not there"],
    ["blockReceipts", "later", "a block that is not there"],
    ["blockTransactions", { transactions: [null] }, "an empty block"],
    ["block", { ...(find("block")?.answer as object), baseFeePerGas: 7 }, "one of a chain without EIP-1559"],
    ["transaction", { ...(find("transaction")?.answer as object), to: 7 }, "one that makes a contract"],
    ["call", null, "bytes"],
    ["call", "0x123", "bytes"],
    ["storage", null, "a word"],
    ["blockNumber", `0x${"f".repeat(300)}`, "a number"],
  ])("to %s, as %j is, is not taken for %s", async (name, told) => {
    const { ask, requests: [[method] = [""]] = [] } = find(name) ?? {};
    await expect(ask?.(answering({ [method ?? ""]: told }).node)).rejects.toBeInstanceOf(MalformedAnswer);
  });
});

describe("a node without a pending state", () => {
  test.each<[string, () => unknown]>([
    ["says so", () => nodeError("pending state is not available")],
    ["does not know the tag", () => nodeError("Unsupported block tag pending", -32_602)],
    ["knows no block of that name", () => nodeError("unknown block pending")],
    ["answers null", () => null],
  ])("that %s tells the nonce after what is mined", async (_, answer) => {
    const { node, chain } = answering({});
    chain.answer("eth_getTransactionCount", (_account, tag) => {
      if (tag === "latest") return "0x7";
      const told = answer();
      if (told instanceof Error) throw told;
      return told;
    });
    expect(await node.transactionCount(ACCOUNT, "pending")).toBe(7);
    expect(chain.calls.map(({ params: [, tag] }) => tag)).toEqual(["pending", "latest"]);
  });

  test.each([deadEndpoint(), nodeError("Too Many Requests"), nodeError("header not found")])(
    "is not taken for one that just does not answer: %s",
    async (error) => {
      const { node, chain } = answering({});
      chain.answer("eth_getTransactionCount", () => {
        throw error;
      });
      await expect(node.transactionCount(ACCOUNT, "pending")).rejects.toBe(error);
      expect(chain.calls).toHaveLength(1);
    },
  );
});

describe("a receipt without a price, as legacy rollups have it,", () => {
  const { effectiveGasPrice: _, ...legacy } = RECEIPT;

  test("is priced by its transaction", async () => {
    const { node, calls } = answering({
      eth_getTransactionReceipt: legacy,
      eth_getTransactionByHash: { gasPrice: "0x3" },
    });
    expect((await node.receipt(HASH))?.gasFee).toBe(63_000n);
    expect(calls.at(-1)).toEqual({ method: "eth_getTransactionByHash", params: [HASH] });
  });

  test("is none as long as the node that is asked does not know its transaction", async () => {
    const { node } = answering({ eth_getTransactionReceipt: legacy, eth_getTransactionByHash: null });
    expect(await node.receipt(HASH)).toBeUndefined();
  });

  test.each([{}, 7])("is malformed where the transaction is %j", async (transaction) => {
    const { node } = answering({
      eth_getTransactionReceipt: legacy,
      eth_getTransactionByHash: transaction,
    });
    await expect(node.receipt(HASH)).rejects.toBeInstanceOf(MalformedAnswer);
  });
});

test("a node has the name, the traffic and the end of its endpoint", async () => {
  const { node, chain } = answering({});
  expect([node.name, node.names, node.traffic]).toEqual([chain.name, chain.names, chain.traffic]);
  await node.close();
  expect(chain.closed).toBe(true);
});

/** What a node may say instead of what it should. */
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("", "0x", "0x0", "0x1", "0x123", "0xzz", "latest", -1, 1.5, 2 ** 60),
  fc.constantFrom(null, true, {}, [], [null], [[]], "not found"),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map(toQuantity),
  fc.constant(`0x${"f".repeat(300)}`),
  fc.array(fc.nat(255), { maxLength: 8 }).map((octets) => `0x${Buffer.from(octets).toString("hex")}`),
);

type Path = readonly (string | number)[];

/** Where the parts of an answer are, the whole of it included. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

/** An answer with one part replaced; undefined leaves it out. */
function replaced(value: unknown, [key, ...rest]: Path, part: unknown): unknown {
  if (key === undefined) return part ?? null;
  if (Array.isArray(value)) return value.map((one, at) => (at === key ? replaced(one, rest, part) : one));
  const fields = value as Readonly<Record<string, unknown>>;
  const own = rest.length === 0 ? part : replaced(fields[key], rest, part);
  return { ...fields, [key]: own };
}

/** The right answer with some of its parts spoiled, as it would come over the wire. */
const spoiled = (answer: unknown): fc.Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.constantFrom(...pathsOf(answer)), fc.option(junk, { nil: undefined })), {
      minLength: 1,
      maxLength: 2,
    })
    .map((parts) => {
      // Parts of what is there no more cannot be replaced.
      const [[path, part] = [[], null], other] = parts;
      const once = replaced(answer, path, part);
      const isApart =
        other !== undefined && other[0].length > 0 && other[0][0] !== path[0] && path.length > 0;
      return JSON.parse(JSON.stringify(isApart ? replaced(once, other[0], other[1]) : once)) as unknown;
    });

/** Whether a receipt lacks what a transaction or a block has to tell. */
const hasGaps = (told: unknown): boolean =>
  typeof told === "object" &&
  told !== null &&
  ["blockNumber", "blockHash", "effectiveGasPrice"].some(
    (field) => ((told as Readonly<Record<string, unknown>>)[field] ?? null) === null,
  );

/** Whether an answer gave a right value, or was found malformed. Whatever else is thrown is thrown on. */
const isSound = (reading: Promise<unknown>, isRight: (value: unknown) => boolean): Promise<boolean> =>
  reading.then(isRight, (error: unknown) => {
    if (error instanceof MalformedAnswer) return true;
    throw error;
  });

describe("whatever a node answers", () => {
  test.each(QUESTIONS)("to $name is a right value or malformed, and nothing else", async (question) => {
    const { name, ask, requests, answer, right, mayBeNull = false } = question;
    const [[method] = [""]] = requests;
    await fc.assert(
      fc.asyncProperty(fc.oneof(junk, spoiled(answer)), junk, async (told, transaction) => {
        const { node } = answering({ eth_getTransactionByHash: transaction, [method]: told });
        // Nor is a receipt there yet whose gaps nobody fills: no node has the block here.
        const isNone = mayBeNull && (told === null || (name === "receipt" && hasGaps(told)));
        const isRight = (value: unknown): boolean =>
          (isNone && value === undefined) ||
          (!(mayBeNull && told === null) && right.safeParse(value).success);
        expect(await isSound(ask(node), isRight)).toBe(true);
      }),
      runs(400),
    );
  });

  test("to taking a transaction is no matter", async () => {
    await fc.assert(
      fc.asyncProperty(junk, async (told) => {
        await answering({ eth_sendRawTransaction: told }).node.sendRaw("0x");
      }),
      runs(50),
    );
  });
});

describe("a contract's view function", () => {
  const abi = new Interface([
    "function figures(uint256) view returns (uint256 amount, address owner, string name, bool isOpen)",
  ]);
  const figures = [7n, ACCOUNT, "a name", true] as const;
  const answer = abi.encodeFunctionResult("figures", figures);

  test("is called with its arguments, and what it returns is decoded", async () => {
    const { node, calls } = answering({ eth_call: answer });
    expect(await callContract(node, abi, ACCOUNT, "figures", [5n], 16)).toEqual(figures);
    const data = abi.encodeFunctionData("figures", [5n]);
    expect(calls).toEqual([{ method: "eth_call", params: [{ to: ACCOUNT, data }, "0x10"] }]);
  });

  test("is called as of the latest block where nothing is said", async () => {
    const { node, calls } = answering({ eth_call: answer });
    await callContract(node, abi, ACCOUNT, "figures", [5n]);
    expect(calls[0]?.params[1]).toBe("latest");
  });

  test("where there is no contract is told in words that say so", async () => {
    const { node } = answering({ eth_call: "0x" });
    await expect(callContract(node, abi, ACCOUNT, "figures", [5n])).rejects.toThrow(
      `figures of ${ACCOUNT} returned 0 bytes that do not decode`,
    );
  });

  test("that the ABI does not have is a mistake of our own", async () => {
    const { node } = answering({ eth_call: answer });
    const thrown: unknown = await callContract(node, abi, ACCOUNT, "others").catch((error: unknown) => error);
    expect(thrown).not.toBeInstanceOf(MalformedAnswer);
  });

  test("gives what the ABI says or is malformed, whatever bytes come back", async () => {
    const right = z.tuple([z.bigint().nonnegative(), z.string(), z.string(), z.boolean()]);
    const octets = Buffer.from(answer.slice(2), "hex");
    const changes = fc.array(fc.tuple(fc.nat(octets.length - 1), fc.nat(255)), { maxLength: 3 });
    const garbled = fc.tuple(changes, fc.nat(octets.length)).map(([changed, length]) => {
      const copy = Buffer.from(octets);
      for (const [at, octet] of changed) copy[at] = octet;
      return `0x${copy.subarray(0, length === 0 ? octets.length : length).toString("hex")}`;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(junk, garbled), async (told) => {
        const { node } = answering({ eth_call: told });
        const called = callContract(node, abi, ACCOUNT, "figures", [5n]);
        expect(await isSound(called, (value) => right.safeParse(value).success)).toBe(true);
      }),
      runs(1000),
    );
  });
});
