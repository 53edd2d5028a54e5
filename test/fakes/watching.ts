import { onTestFinished } from "vitest";
import type { Chain } from "../../stress/engine/base/chain.ts";
import { ABI } from "../../stress/protocols/ovm2/contracts.ts";
import { Watcher, type WatcherOptions } from "../../stress/engine/chain/watcher.ts";
import { payoutEvents } from "../../stress/protocols/ovm2/operations.ts";
import type { FakeChain } from "./chain.ts";
import { FakeClock } from "./clock.ts";
import { contracts } from "./contracts.ts";
import { resetTimers, settled } from "./timers.ts";

const sentTopic = ABI.CrossDomainMessenger.getEvent("SentMessage")?.topicHash ?? "";

/** What the engine's connection has a chain's watcher look at. */
function interestOf(chain: Chain) {
  const { addresses, topics } = payoutEvents(chain, contracts);
  const messengers = contracts.messengers[chain].map((address) => address.toLowerCase());
  return { addresses: [...addresses, ...messengers], topics: [...topics, sentTopic] };
}

export const REMEMBERED_MS = 60_000;

/** A watcher at the head of a fake chain; it is closed when the running test ends. */
export async function watching(
  rpc: FakeChain,
  own: Partial<WatcherOptions> = {},
  clock: FakeClock = new FakeClock(),
) {
  const { chain = 1 } = own;
  const lines: string[] = [];
  const watcher = new Watcher({
    chain,
    rpc,
    clock,
    confirmations: 0,
    interest: interestOf(chain),
    pool: contracts.pool[chain],
    rememberFor: REMEMBERED_MS,
    deadAfter: 60_000,
    log: (line) => lines.push(line),
    ...own,
  });
  await watcher.start();
  await settled();
  onTestFinished(async () => {
    await watcher.close();
    resetTimers();
  });
  return { watcher, clock, lines };
}

/** What a promise gave so far; undefined while it has given nothing. */
export function soFar<T>(promise: Promise<T>): { readonly value: T | undefined } {
  const box: { value: T | undefined } = { value: undefined };
  void promise.then((value) => {
    box.value = value;
  });
  return box;
}
