import { logPaths } from "../fixtures/run/logs.ts";
import { startChainOf } from "../fixtures/purse/funding.ts";
import { awaitFunds } from "../fixtures/shard/await-funds.ts";
import { fundShards } from "../fixtures/shard/fund-shards.ts";
import { nameOf, type Shard } from "../fixtures/shard/shard.ts";
import { sweepShard } from "../fixtures/shard/sweep-shard.ts";
import type { OpenStack } from "../fixtures/stack/stack.ts";
import { StressError } from "../stress/engine/base/index.ts";
import { OpLog } from "../stress/journal/op-log.ts";
import type { Target } from "../targets/target.ts";
import { locked } from "./target-lock.ts";

/** A shard of a run, on an open stack. */
export interface OpenedShard {
  /** The target with its own funder, and as the shard has it. */
  readonly whole: Target;
  readonly target: Target;
  readonly stack: OpenStack;
  readonly shard: Shard;
  readonly children: number;
}

/**
 * Gives a shard's own funder its money, and has it swept in the end.
 *
 * @param opened gets what is to be done when all is over
 * @throws {StressError} SHARD_REFUSED, and what keeps the shard's funder from having its money
 */
export async function openShard(
  { whole, target, stack, shard, children }: OpenedShard,
  say: (line: string) => void,
  opened: AsyncDisposableStack,
): Promise<void> {
  if (stack.isPrivate)
    throw new StressError(
      "SHARD_REFUSED",
      `shard ${nameOf(shard)} needs chains that all shards reach, and would have started a stack of its own`,
      "start one for all: npm run local-stack",
    );
  const hands = { logs: logPaths(), say };
  const opLog = new OpLog(hands.logs.opLog);
  opLog.comment({
    shard: nameOf(shard),
    target: target.name,
    "shard-funder": target.funder.address,
    of: whole.funder.address,
  });
  opLog.sync();
  opLog.close();
  opened.defer(async () => {
    if (!(await sweepShard(whole, stack, shard, hands))) process.exitCode ||= 1;
  });
  if (shard.part === 1) {
    const lock = await locked(whole, stack);
    try {
      await fundShards(whole, stack, shard.of, hands);
    } finally {
      await lock.release();
    }
  }
  const planned = { children, startChainOf: (child: number) => startChainOf(target.startChain, child) };
  await awaitFunds(target, stack, shard, planned, say);
}
