import { describe, expect, test, vi } from "vitest";
import { FakeChain, hashOf } from "../fakes/chain.ts";
import { contracts } from "../fakes/contracts.ts";
import { idOf, relayed } from "../fakes/events.ts";
import { wakeAll } from "../fakes/timers.ts";
import { soFar, watching } from "../fakes/watching.ts";

vi.mock("node:timers/promises", () => import("../fakes/timers.ts"));

const A = hashOf("a");
const [messenger = ""] = contracts.messengers[1];

describe.each([
  ["with", true],
  ["without", false],
])("a reorganisation, on a node %s eth_getBlockReceipts,", (_, hasBlockReceipts) => {
  async function started() {
    const chain = new FakeChain();
    chain.hasBlockReceipts = hasBlockReceipts;
    return { chain, ...(await watching(chain)) };
  }

  test("has the blocks that took another's place read", async () => {
    const { chain, watcher, lines } = await started();
    const receipt = soFar(watcher.receipt(A));
    chain.mine();
    chain.mine();
    await wakeAll();
    chain.fork(2);
    chain.mine({ hash: A });
    chain.mine();
    chain.mine();
    await wakeAll(2);
    expect(receipt.value).toMatchObject({ hash: A, blockNumber: 10 });
    expect(lines).toContain("WARNING reorganisation of 2 blocks: reading again from block 10");
  });

  test("has messages that moved to another block found there", async () => {
    const { chain, watcher } = await started();
    chain.mine();
    await wakeAll();
    const message = soFar(watcher.message(idOf(1)));
    chain.fork(1);
    chain.mine({ hash: A, logs: [relayed(messenger, idOf(1))] });
    chain.mine();
    await wakeAll(2);
    expect(message.value?.blockNumber).toBe(10);
  });

  test("settles nothing twice", async () => {
    const { chain, watcher } = await started();
    let told = 0;
    void watcher.receipt(A).then(() => told++);
    chain.mine({ hash: A });
    await wakeAll();
    chain.fork(1);
    chain.mine({ hash: A });
    chain.mine();
    await wakeAll(3);
    expect([told, watcher.waitingForReceipts]).toEqual([1, 0]);
  });

  test("of all that was read has it all read again", async () => {
    const { chain, watcher } = await started();
    const numbers: number[] = [];
    watcher.onBlock(({ block }) => numbers.push(block.number));
    chain.mine();
    await wakeAll();
    chain.fork(5);
    for (let block = 0; block < 6; block++) chain.mine();
    await wakeAll(3);
    expect(numbers).toEqual([10, 9, 10, 11]);
  });
});
