import { expect, onTestFinished, test } from "vitest";
import type { Performed } from "../../stress/engine/events.ts";
import type { DriveTools } from "../../stress/engine/run/index.ts";
import { openOpStack, opStackTarget, runOn } from "./running.ts";

/** Code that takes no ETH: whoever pays it fails. */
const REFUSES = "0x60006000fd";

test("a message that fails where it arrives is in flight, carried out once more at the end of the run, and booked", async () => {
  const bed = await openOpStack();
  onTestFinished(() => bed.close());
  let failed: Performed | undefined;
  let meanwhile: Awaited<ReturnType<DriveTools["prove"]>> | undefined;
  const { result, opLog } = await runOn(bed, {
    target: opStackTarget({ limits: { toleratedFailures: 1 } }),
    children: 1,
    // Its first deposit goes through the messenger: what comes through the portal alone is sent by the child itself there.
    seed: 9,
    startChain: 1,
    drive: async ([child], tools) => {
      if (child === undefined) throw new Error("no child to drive");
      const [on, off] = [REFUSES, "0x"].map(
        (code) => () => bed.providers[2].send("hardhat_setCode", [child.address, code]),
      );
      await on?.();
      // What goes through the portal alone stays with its sender where it fails; the next one goes through the messenger.
      while (failed === undefined) {
        child.ready("SO");
        const performed = await child.perform("SO", { amount: 10n ** 17n });
        if (performed.outcome.kind === "failed") failed = performed;
        else {
          await off?.();
          await child.perform("FX");
          await on?.();
        }
      }
      await off?.();
      meanwhile = await tools.prove();
    },
  });
  expect(failed?.outcome).toMatchObject({
    reason: "it failed where it arrived, and can be carried out once more",
  });
  expect(meanwhile?.audit.counts).toMatchObject({ "in flight": 1, lost: 0 });
  expect(meanwhile?.ledger.unaccounted).toEqual({ 1: 0n, 2: 0n });
  expect(opLog).toMatch(/^# funder=RP chain=2 amount=0 tx=0x\w{64}$/m);
  expect(result.audit.counts).toMatchObject({ "in flight": 0, lost: 0, doubled: 0 });
  expect(result).toConserveFunds();
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
  expect(result.problems).toEqual([]);
});
