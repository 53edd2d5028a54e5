import { concat, ZeroHash } from "ethers";
import { describe, expect, test } from "vitest";
import { DELAYS, MARGIN } from "./deployed.ts";
import { proofBy, proven, TARGET, VALUE, withdrawn } from "./withdrawals.ts";
import { onContracts } from "./on-contracts.ts";

const it = onContracts({ isFilled: true });

const asGuardian = (method: string, args: readonly unknown[] = []) =>
  it().send(it().roles.guardian, it().at("AnchorStateRegistry"), "AnchorStateRegistry", method, args);

const balance = () => it().chains[1].ethers.getBalance(TARGET);

describe.each([9, 5] as const)("a withdrawal proved by a game of type %i", (type) => {
  test("is paid once, to the wei, after its delays", async () => {
    await asGuardian("setRespectedGameType", [type]);
    const sent = await withdrawn(it());
    const game = await it().propose(type, sent.output);
    await it().pass(1);
    await it().prove(sent.withdrawal, proofBy(game, sent));
    await it().pass(DELAYS.proofMaturityDelay - MARGIN);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_ProofNotOldEnough");
    await it().pass(2 * MARGIN);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    if (type === 9) await it().resolve(game);
    else await it().send(it().roles.other, game.address, "SuperPermissionedDisputeGame", "resolve");
    await it().pass(DELAYS.finalityDelay - MARGIN);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    await it().pass(2 * MARGIN);
    const before = await balance();
    await it().finalize(sent.withdrawal);
    expect((await balance()) - before).toBe(VALUE);
    expect(await it().read(it().portal, "OptimismPortal2", "finalizedWithdrawals", [sent.hash])).toEqual([
      true,
    ]);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_AlreadyFinalized");
    await it().pass(1);
    // Proving again is allowed for ever; nothing comes of it.
    expect(await it().proofRefusal(sent.withdrawal, proofBy(game, sent))).toBeUndefined();
  });
});

describe("finalising", () => {
  test("is refused for the first of its reasons, in the field's order", async () => {
    const { withdrawal, hash, game } = await proven(it());
    const unsafe = { ...withdrawal, target: it().portal };
    await it().pause(true);
    expect(await it().finalizeRefusal(unsafe)).toBe("OptimismPortal_CallPaused");
    await it().pause(false);
    expect(await it().finalizeRefusal(unsafe)).toBe("OptimismPortal_BadTarget");
    expect(await it().finalizeRefusal({ ...withdrawal, value: 1n })).toBe("OptimismPortal_Unproven");
    expect(await it().finalizeRefusal(withdrawal)).toBe("OptimismPortal_ProofNotOldEnough");
    await it().pass(DELAYS.proofMaturityDelay + MARGIN);
    expect(await it().finalizeRefusal(withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    await it().resolve(game);
    await it().pass(DELAYS.finalityDelay + MARGIN);
    const check = [hash, it().roles.user];
    expect(
      await it().refusal(it().roles.other, it().portal, "OptimismPortal2", "checkWithdrawal", check),
    ).toBeUndefined();
    await it().finalize(withdrawal);
    expect(await it().finalizeRefusal(withdrawal)).toBe("OptimismPortal_AlreadyFinalized");
  });

  test.each([
    ["blacklisted", async (game: string) => asGuardian("blacklistDisputeGame", [game])],
    ["retired", async () => asGuardian("updateRetirementTimestamp")],
  ] as const)("waits for another proof where the game is %s", async (_, spoil) => {
    const { game, ...sent } = await proven(it());
    await it().resolve(game);
    await it().pass(DELAYS.proofMaturityDelay + MARGIN);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBeUndefined();
    await spoil(game.address);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    await it().pass(1);
    expect(await it().proofRefusal(sent.withdrawal, proofBy(game, sent))).toBe(
      "OptimismPortal_ImproperDisputeGame",
    );
    const next = await it().propose(9, { ...sent.output, time: sent.output.time + 1 });
    await it().pass(1);
    await it().prove(sent.withdrawal, proofBy(next, sent));
    await it().resolve(next);
    await it().pass(DELAYS.proofMaturityDelay + MARGIN);
    await it().finalize(sent.withdrawal);
  });

  test("waits for another proof where the challenger has won", async () => {
    const { game, ...sent } = await proven(it());
    const [claim] = await it().read(game.address, "SuperFaultDisputeGame", "rootClaim");
    await it().send(it().roles.guardian, game.address, "SuperFaultDisputeGame", "attack", [
      claim,
      0,
      ZeroHash,
    ]);
    await it().resolve(game, [1, 0]);
    await it().pass(DELAYS.proofMaturityDelay + MARGIN);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    expect(await it().proofRefusal(sent.withdrawal, proofBy(game, sent))).toBe(
      "OptimismPortal_InvalidDisputeGame",
    );
  });

  test("goes on by games of a type that is no longer respected", async () => {
    const { game, withdrawal } = await proven(it());
    await asGuardian("setRespectedGameType", [5]);
    await it().resolve(game);
    await it().pass(DELAYS.proofMaturityDelay + MARGIN);
    const before = await balance();
    await it().finalize(withdrawal);
    expect((await balance()) - before).toBe(VALUE);
  });

  test("is done with a call that fails, and with the money", async () => {
    const reverting = "0x00000000000000000000000000000000000000fd";
    await it().chains[1].helpers.setCode(reverting, "0x60006000fd");
    const { withdrawal, game } = await proven(it(), reverting);
    await it().resolve(game);
    await it().pass(DELAYS.proofMaturityDelay + MARGIN);
    await it().finalize(withdrawal);
    expect(await it().finalizeRefusal(withdrawal)).toBe("OptimismPortal_AlreadyFinalized");
    expect(await it().chains[1].ethers.getBalance(reverting)).toBe(0n);
  });

  test("lets no withdrawal finalise another", async () => {
    const target = "0x00000000000000000000000000000000000000fe";
    // Calls the portal with what it is called with, and stores the first word of the answer.
    const call = concat(["0x3660006000376000600036600060", "0x0073", it().portal, "0x5af150"]);
    await it().chains[1].helpers.setCode(
      target,
      concat([call, "0x600460006000", "0x3e600051600055", "0x00"]),
    );
    const inner = await proven(it());
    const abi = it().contracts.abi("OptimismPortal2");
    const data = abi.encodeFunctionData("finalizeWithdrawalTransaction", [inner.withdrawal]);
    const { withdrawal, game } = await proven(it(), target, data);
    await it().resolve(game);
    await it().pass(DELAYS.proofMaturityDelay + MARGIN);
    await it().finalize(withdrawal);
    const stored = await it().chains[1].ethers.getStorage(target, 0);
    expect(abi.parseError(stored.slice(0, 10))?.name).toBe("OptimismPortal_NoReentrancy");
  });
});
