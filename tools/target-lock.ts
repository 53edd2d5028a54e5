import { chainIdentities } from "../fixtures/stack/chain-identity.ts";
import { type Lock, lockTarget } from "../fixtures/stack/lock.ts";
import type { Stack } from "../fixtures/stack/stack.ts";
import type { Target } from "../targets/target.ts";

/**
 * Keeps others from a target's funder on these chains for a run.
 *
 * @throws {StressError} TARGET_IN_USE
 */
export async function locked({ funder }: Target, stack: Stack): Promise<Lock> {
  const identities = await chainIdentities(stack);
  return lockTarget(funder.address, { ...stack, identities }, "run");
}
