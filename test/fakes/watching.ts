import { onTestFinished } from "vitest";
import { Watcher, type WatcherOptions } from "../../stress/engine/chain/index.ts";
import type { Stream } from "../../stress/engine/base/index.ts";
import type { EngineEvent } from "../../stress/engine/events.ts";
import type { Receipt, TxHash } from "../../stress/engine/rpc/index.ts";
import { bridgeOn, newStream } from "./bridge.ts";
import type { FakeChain } from "./chain.ts";
import { FakeClock } from "./clock.ts";
import { resetTimers, settled } from "./timers.ts";

/** The stream that each watcher tells its blocks on. */
const streams = new WeakMap<Watcher, Stream<EngineEvent>>();

export const REMEMBERED_MS = 60_000;

/** A watcher at the head of a fake chain; it is closed when the running test ends. */
export async function watching(
  rpc: FakeChain,
  own: Partial<Omit<WatcherOptions, "stream">> & { readonly stream?: Stream<EngineEvent> } = {},
  clock: FakeClock = new FakeClock(),
) {
  const { chain = 1, stream = newStream() } = own;
  const lines: string[] = [];
  const bridge = await bridgeOn({ 1: rpc, 2: rpc });
  const watcher = new Watcher({
    chain,
    rpc,
    clock,
    confirmations: 0,
    bridge: bridge.reader(chain),
    stream,
    rememberFor: REMEMBERED_MS,
    deadAfter: 60_000,
    log: (line) => lines.push(line),
    ...own,
  });
  streams.set(watcher, stream);
  await watcher.start();
  await settled();
  onTestFinished(async () => {
    await watcher.close();
    resetTimers();
  });
  return { watcher, clock, lines, stream };
}

/** Registers a transaction with a watcher of {@link watching}, and gives its first receipt. */
export function receiptFrom(watcher: Watcher, hash: TxHash): Promise<Receipt> {
  watcher.expect(hash);
  return new Promise((resolve) => {
    streams.get(watcher)?.subscribe("report", {
      block: ({ receipts }) => {
        const receipt = receipts.find((one) => one.hash === hash);
        if (receipt !== undefined) resolve(receipt);
      },
    });
  });
}

/** What a promise gave so far; undefined while it has given nothing. */
export function soFar<T>(promise: Promise<T>): { readonly value: T | undefined } {
  const box: { value: T | undefined } = { value: undefined };
  void promise.then((value) => {
    box.value = value;
  });
  return box;
}

/** The numbers of the blocks that a stream tells of, in their order. */
export function numbersOf(stream: Stream<EngineEvent>): readonly number[] {
  const numbers: number[] = [];
  stream.subscribe("report", { block: ({ block }) => numbers.push(block.number) });
  return numbers;
}
