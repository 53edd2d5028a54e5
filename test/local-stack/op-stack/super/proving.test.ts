import { ZeroHash } from "ethers";
import { describe, expect, test } from "vitest";
import { PREDEPLOYS } from "../../../../fixtures/local-stack/op-stack/predeploys.ts";
import { DELAYS, MARGIN } from "./deployed.ts";
import { hashOf, proofBy, proven, TARGET, VALUE, withdrawn } from "./withdrawals.ts";
import { onContracts } from "./on-contracts.ts";

const it = onContracts({ isFilled: true });

const asGuardian = (method: string, args: readonly unknown[] = []) =>
  it().send(it().roles.guardian, it().at("AnchorStateRegistry"), "AnchorStateRegistry", method, args);

describe("proving", () => {
  test("is refused for the first of its reasons, in the field's order", async () => {
    const sent = await withdrawn(it());
    const { output, withdrawal } = sent;
    const bad = { ...withdrawal, target: it().portal };
    const wrongRoot = (seconds: number) => ({ root: ZeroHash, time: output.time + seconds });
    const proof = (game: number) => ({ game, output: [ZeroHash, ZeroHash, ZeroHash, ZeroHash], branch: [] });
    // Each call has all mistakes that are looked for later than the one it is refused for.
    const blacklisted = await it().propose(5, wrongRoot(1));
    await it().send(it().roles.guardian, blacklisted.address, "SuperPermissionedDisputeGame", "challenge");
    await asGuardian("blacklistDisputeGame", [blacklisted.address]);
    await it().pause(true);
    expect(await it().proofRefusal(bad, proof(blacklisted.index))).toBe("OptimismPortal_CallPaused");
    await it().pause(false);
    expect(await it().proofRefusal(bad, proof(blacklisted.index))).toBe("OptimismPortal_BadTarget");
    expect(await it().proofRefusal(withdrawal, proof(blacklisted.index))).toBe(
      "OptimismPortal_ImproperDisputeGame",
    );
    const unrespected = await it().propose(5, wrongRoot(2));
    expect(await it().proofRefusal(withdrawal, proof(unrespected.index))).toBe(
      "OptimismPortal_InvalidDisputeGame",
    );
    const lost = await it().propose(9, wrongRoot(3), 31337);
    const [claim] = await it().read(lost.address, "SuperFaultDisputeGame", "rootClaim");
    await it().send(it().roles.guardian, lost.address, "SuperFaultDisputeGame", "attack", [
      claim,
      0,
      ZeroHash,
    ]);
    await it().resolve(lost, [1, 0]);
    expect(await it().proofRefusal(withdrawal, proof(lost.index))).toBe("OptimismPortal_InvalidDisputeGame");
    const other = await it().propose(9, wrongRoot(4), 31337);
    expect(await it().proofRefusal(withdrawal, proof(other.index))).toBe(
      "OptimismPortal_InvalidProofTimestamp",
    );
    await it().pass(1);
    expect(await it().proofRefusal(withdrawal, proof(other.index))).toBe("UnknownChainId");
    const mistaken = await it().propose(9, wrongRoot(5));
    const right = await it().propose(9, output);
    await it().pass(1);
    expect(await it().proofRefusal(withdrawal, proof(mistaken.index))).toBe(
      "OptimismPortal_InvalidOutputRootProof",
    );
    expect(await it().proofRefusal(withdrawal, { ...proofBy(right, sent), game: mistaken.index })).toBe(
      "OptimismPortal_InvalidOutputRootProof",
    );
    expect(await it().proofRefusal(withdrawal, proofBy(right, sent))).toBeUndefined();
  });

  test("takes nothing for a withdrawal that is not in L2's state", async () => {
    const sent = await withdrawn(it());
    const game = await it().propose(9, sent.output);
    await it().pass(1);
    const more = { ...sent.withdrawal, value: VALUE + 1n };
    expect(await it().proofRefusal(more, proofBy(game, sent))).toContain("MerkleTrie");
    expect(await it().proofRefusal(sent.withdrawal, { ...proofBy(game, sent), branch: [] })).toContain(
      "MerkleTrie",
    );
  });

  test("takes nothing where L2's state has something else in the withdrawal's place", async () => {
    const sent = await withdrawn(it());
    const forged = { ...sent.withdrawal, value: VALUE + 1n };
    const hash = hashOf(forged);
    await it().chains[2].helpers.setStorageAt(PREDEPLOYS.messagePasser, it().slotOf(hash), 2);
    await it().chains[2].helpers.mine(1);
    const output = await it().output(hash);
    const game = await it().propose(9, output);
    await it().pass(1);
    const proof = proofBy(game, { ...sent, output });
    expect(await it().proofRefusal(forged, proof)).toBe("OptimismPortal_InvalidMerkleProof");
  });

  test("counts for whoever has proved, and starts the clock of nobody else", async () => {
    const { withdrawal, hash, game, ...sent } = await proven(it());
    await it().pass(DELAYS.proofMaturityDelay);
    await it().prove(withdrawal, proofBy(game, { withdrawal, hash, ...sent }), it().roles.other);
    await it().resolve(game);
    await it().pass(DELAYS.finalityDelay + MARGIN);
    expect(await it().finalizeRefusal(withdrawal, it().roles.other)).toBe("OptimismPortal_ProofNotOldEnough");
    expect(await it().finalizeRefusal(withdrawal, it().roles.proposer)).toBe("OptimismPortal_Unproven");
    const submitters = await it().read(it().portal, "OptimismPortal2", "numProofSubmitters", [hash]);
    expect(submitters).toEqual([2n]);
    expect(await it().read(it().portal, "OptimismPortal2", "proofSubmitters", [hash, 1])).toEqual([
      it().roles.other,
    ]);
    // Anybody may finalise by somebody else's proof.
    const { ethers } = it().chains[1];
    const before = await ethers.getBalance(TARGET);
    const by = [withdrawal, it().roles.user];
    const finalize = "finalizeWithdrawalTransactionExternalProof";
    await it().send(it().roles.other, it().portal, "OptimismPortal2", finalize, by);
    expect((await ethers.getBalance(TARGET)) - before).toBe(VALUE);
  });

  test("again restarts the clock", async () => {
    const { game, ...sent } = await proven(it());
    await it().pass(DELAYS.proofMaturityDelay);
    await it().prove(sent.withdrawal, proofBy(game, sent));
    await it().resolve(game);
    await it().pass(DELAYS.finalityDelay + MARGIN);
    expect(await it().finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_ProofNotOldEnough");
  });
});
