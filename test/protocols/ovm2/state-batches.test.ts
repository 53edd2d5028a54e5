import { ZeroHash } from "ethers";
import { describe, expect, test } from "vitest";
import { Stream } from "../../../stress/engine/base/index.ts";
import type { ChainEvent } from "../../../stress/engine/chain/index.ts";
import { ORDER } from "../../../stress/engine/events.ts";
import type { Log } from "../../../stress/engine/rpc/index.ts";
import { FAST, SLOW } from "../../../stress/protocols/ovm2/operation.ts";
import { StateBatches } from "../../../stress/protocols/ovm2/state-batches.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { eventLog } from "../../fakes/events.ts";
import { hashOf } from "../../fakes/chain.ts";

const WINDOW_MS = 5000;

/** A block of L1 each second, of which the run hears 100 ms later. */
function following({ windowMs }: { readonly windowMs?: number } = { windowMs: WINDOW_MS }) {
  const stream = new Stream<ChainEvent>(ORDER);
  let now = 0;
  const batches = new StateBatches(stream, { now: () => now }, contracts, windowMs);
  /** Publishes a block of L1, with state batches of so many L2 blocks behind these. */
  const block = (number: number, ...appended: readonly (readonly [before: number, size: number])[]) => {
    now = number * 1000 + 100;
    const logs = appended.map(([before, size], logIndex) =>
      batchLog(contracts.addresses.scc, before, size, number, logIndex),
    );
    publish(number, logs);
  };
  const publish = (number: number, logs: readonly Log[]): void => {
    const hash = hashOf(`block ${number}`);
    const read = {
      number,
      hash,
      parentHash: hashOf(`block ${number - 1}`),
      timestamp: number * 1000,
      baseFee: undefined,
      transactions: [],
      logsBloom: undefined,
      hasReceipts: undefined,
    };
    stream.publish({ kind: "block", chain: 1, block: read, receipts: [], logs, arrivals: [] });
  };
  return { batches, stream, block, publish };
}

/** What is told of the first state batch of a block of L1. */
const provableIn = (block: number, at = 0) => ({
  phase: "provable",
  at: block * 1000 + 100,
  by: { what: "state batch", chain: 1, hash: hashOf(`batch ${block} ${at}`), block },
});

function batchLog(scc: string, before: number, size: number, blockNumber: number, logIndex = 0): Log {
  const args = [0n, ZeroHash, BigInt(size), BigInt(before), "0x"];
  const { data, topics } = eventLog(scc, "StateCommitmentChain", "StateBatchAppended", args);
  const transactionHash = hashOf(`batch ${blockNumber} ${logIndex}`);
  return { address: scc.toLowerCase(), data, topics, blockNumber, logIndex, transactionHash };
}

describe("what a message of L2 has passed", () => {
  test("is nothing before its block's state root is on L1", () => {
    const { batches, block } = following();
    block(1, [0, 10]);
    expect(batches.passed(SLOW, 11)).toEqual([]);
  });

  test("is its state root, with the first batch that covers it, and the window by the blocks' own times", () => {
    const { batches, block } = following();
    block(1, [0, 10]);
    block(2, [10, 10], [20, 5]);
    for (let number = 3; number < 7; number++) block(number);
    const provable = provableIn(2);
    expect(batches.passed(SLOW, 11)).toEqual([provable]);
    block(7);
    const finalisable = { phase: "finalisable", at: 7100 };
    expect(batches.passed(SLOW, 11)).toEqual([provable, finalisable]);
    expect(batches.passed(SLOW, 25)).toEqual([provableIn(2, 1), finalisable]);
    expect(batches.passed(SLOW, 10)).toEqual([provableIn(1), { phase: "finalisable", at: 6100 }]);
  });

  test("is its state root alone on the fast way, which waits for no window", () => {
    const { batches, block } = following();
    for (let number = 1; number < 9; number++) block(number, [number - 1, 1]);
    expect(batches.passed(FAST, 2)).toEqual([provableIn(2)]);
  });

  test("is its state root alone where the contract tells no window", () => {
    const { batches, block } = following({});
    for (let number = 1; number < 9; number++) block(number, [number - 1, 1]);
    expect(batches.passed(SLOW, 2)).toEqual([provableIn(2)]);
  });

  test("is told anew where a reorganisation of L1 took it back", () => {
    const { batches, stream, block } = following();
    block(1, [0, 10]);
    block(2, [10, 10]);
    for (let number = 3; number < 8; number++) block(number);
    expect(batches.passed(SLOW, 11)).toHaveLength(2);
    stream.publish({ kind: "reorganisation", chain: 1, commonBlock: 1, depth: 6 });
    expect(batches.passed(SLOW, 11)).toEqual([]);
    expect(batches.passed(SLOW, 10)).toEqual([provableIn(1)]);
    block(3, [10, 10]);
    expect(batches.passed(SLOW, 11)).toEqual([provableIn(3)]);
  });

  test("is not told by another contract's events, nor by one that a node garbled", () => {
    const { batches, publish } = following();
    const garbled = { ...batchLog(contracts.addresses.scc, 0, 10, 1), data: "0x12" };
    publish(1, [batchLog(addressOf(70), 0, 10, 1), garbled]);
    expect(batches.passed(SLOW, 1)).toEqual([]);
  });
});
