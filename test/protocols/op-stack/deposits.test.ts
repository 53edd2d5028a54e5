import { concat, getAddress, Interface, toBeHex } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { getL2TransactionHash } from "viem/op-stack";
import type { Log, TxHash } from "../../../stress/engine/rpc/index.ts";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";
import { depositOf, depositsOf } from "../../../stress/protocols/op-stack/deposits.ts";
import { hashOf } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { runs } from "../../fakes/property.ts";

const PORTAL = addressOf(500);
const BLOCK_HASH = `0x${"ab".repeat(32)}`;

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex);
const toHex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;
const address = hex(20).map(getAddress);
const wei = fc.bigInt({ min: 0n, max: 2n ** 100n });

/** What the portal emits for a deposit. */
const emitted = fc
  .record({
    from: address,
    to: address,
    mint: wei,
    value: wei,
    gas: fc.bigInt({ min: 0n, max: 2n ** 63n }),
    isCreation: fc.boolean(),
    data: fc.uint8Array({ maxLength: 80 }).map(toHex),
    logIndex: fc.nat(1000),
  })
  .map(({ from, to, mint, value, gas, isCreation, data, logIndex }) => {
    const opaque = concat([
      toBeHex(mint, 32),
      toBeHex(value, 32),
      toBeHex(gas, 8),
      isCreation ? "0x01" : "0x00",
      data,
    ]);
    const event = ABI.OptimismPortal.encodeEventLog("TransactionDeposited", [from, to, 0, opaque]);
    const log: Log = {
      ...event,
      address: PORTAL.toLowerCase(),
      blockNumber: 7,
      transactionHash: hashOf("deposit"),
      logIndex,
    };
    return { log, from, to, mint, value, gas, isCreation, data };
  });

/** The same event for the same seed. */
function oneLog(seed: number): Log {
  const [one] = fc.sample(emitted, { numRuns: 1, seed });
  if (one === undefined) throw new Error("wants one");
  return one.log;
}

describe("a deposit", () => {
  test("has the hash on L2 that the field's own client derives", () => {
    fc.assert(
      fc.property(emitted, ({ log }) => {
        const { topics, data, logIndex } = log;
        const theirs = getL2TransactionHash({
          log: {
            ...viemEvent,
            address: PORTAL as `0x${string}`,
            topics: topics as [`0x${string}`],
            data: data as `0x${string}`,
            blockHash: BLOCK_HASH as `0x${string}`,
            logIndex,
            args: argsOf(log),
          } as never,
        });
        expect(depositOf(log, BLOCK_HASH).hash).toBe(theirs);
      }),
      runs(200),
    );
  });

  test("is read as it was made", () => {
    fc.assert(
      fc.property(emitted, ({ log, from, to, mint, value, gas, isCreation, data }) => {
        const expected = { from, to: isCreation ? undefined : to, mint, value, gas, data };
        expect(depositOf(log, BLOCK_HASH)).toMatchObject(expected);
      }),
      runs(100),
    );
  });

  // Since Glamsterdam every transfer of ETH writes a log before the contracts' own.
  test("is found by what it is, and not by its place; its hash is of its real index", () => {
    const log = oneLog(1);
    const transfer: Log = {
      address: "0xfffffffffffffffffffffffffffffffffffffffe",
      topics: [
        new Interface(["event Transfer(address,address,uint256)"]).getEvent("Transfer")?.topicHash ?? "",
      ],
      data: "0x",
      blockNumber: 7,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
    };
    const shifted = { ...log, logIndex: log.logIndex + 1 };
    const contracts = { portal: PORTAL };
    const found = depositsOf({ logs: [transfer, shifted], blockHash: BLOCK_HASH }, contracts);
    expect(found).toEqual([depositOf(shifted, BLOCK_HASH)]);
    expect(found[0]?.hash).not.toBe(depositOf(log, BLOCK_HASH).hash);
  });

  test("has another hash in another block of L1", () => {
    const log = oneLog(2);
    const other = `0x${"cd".repeat(32)}` as TxHash;
    expect(depositOf(log, other).hash).not.toBe(depositOf(log, BLOCK_HASH).hash);
  });
});

const viemEvent = { eventName: "TransactionDeposited", blockNumber: 7n, transactionIndex: 0, removed: false };

function argsOf({ topics, data }: Log) {
  const { from, to, version, opaqueData } = ABI.OptimismPortal.decodeEventLog(
    "TransactionDeposited",
    data,
    topics,
  );
  return { from: String(from), to: String(to), version: BigInt(version), opaqueData: String(opaqueData) };
}
