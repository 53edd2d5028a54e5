import { concat, parseEther, ZeroHash } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PREDEPLOYS } from "../../../../fixtures/local-stack/op-stack/predeploys.ts";
import { Deployed, DELAYS, MARGIN } from "./deployed.ts";
import { hashOf, proofBy, proven, TARGET, VALUE, withdrawn } from "./withdrawals.ts";

/** Where nobody has compiled the contracts yet, and other processes have the processor. Milliseconds. */
const COMPILING = 300_000;

let it: Deployed;
let before: Awaited<ReturnType<Deployed["snapshot"]>>;

beforeAll(async () => {
  it = await Deployed.open();
  await it.chains[1].helpers.setBalance(it.portal, parseEther("10"));
  before = await it.snapshot();
}, COMPILING);

beforeEach(() => before.restore());

afterAll(() => it.close());

const asGuardian = (method: string, args: readonly unknown[] = []) =>
  it.send(it.roles.guardian, it.at("AnchorStateRegistry"), "AnchorStateRegistry", method, args);

const balance = () => it.chains[1].ethers.getBalance(TARGET);

describe.each([9, 5] as const)("a withdrawal proved by a game of type %i", (type) => {
  test("is paid once, to the wei, after its delays", async () => {
    await asGuardian("setRespectedGameType", [type]);
    const sent = await withdrawn(it);
    const game = await it.propose(type, sent.output);
    await it.pass(1);
    await it.prove(sent.withdrawal, proofBy(game, sent));
    await it.pass(DELAYS.proofMaturityDelay - MARGIN);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_ProofNotOldEnough");
    await it.pass(2 * MARGIN);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    if (type === 9) await it.resolve(game);
    else await it.send(it.roles.other, game.address, "SuperPermissionedDisputeGame", "resolve");
    await it.pass(DELAYS.finalityDelay - MARGIN);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    await it.pass(2 * MARGIN);
    const before = await balance();
    await it.finalize(sent.withdrawal);
    expect((await balance()) - before).toBe(VALUE);
    expect(await it.read(it.portal, "OptimismPortal2", "finalizedWithdrawals", [sent.hash])).toEqual([true]);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_AlreadyFinalized");
    await it.pass(1);
    // Proving again is allowed for ever; nothing comes of it.
    expect(await it.proofRefusal(sent.withdrawal, proofBy(game, sent))).toBeUndefined();
  });
});

describe("proving", () => {
  test("is refused for the first of its reasons, in the field's order", async () => {
    const sent = await withdrawn(it);
    const { output, withdrawal } = sent;
    const bad = { ...withdrawal, target: it.portal };
    const wrongRoot = (seconds: number) => ({ root: ZeroHash, time: output.time + seconds });
    const proof = (game: number) => ({ game, output: [ZeroHash, ZeroHash, ZeroHash, ZeroHash], branch: [] });
    // Each call has all mistakes that are looked for later than the one it is refused for.
    const blacklisted = await it.propose(5, wrongRoot(1));
    await it.send(it.roles.guardian, blacklisted.address, "SuperPermissionedDisputeGame", "challenge");
    await asGuardian("blacklistDisputeGame", [blacklisted.address]);
    await it.pause(true);
    expect(await it.proofRefusal(bad, proof(blacklisted.index))).toBe("OptimismPortal_CallPaused");
    await it.pause(false);
    expect(await it.proofRefusal(bad, proof(blacklisted.index))).toBe("OptimismPortal_BadTarget");
    expect(await it.proofRefusal(withdrawal, proof(blacklisted.index))).toBe(
      "OptimismPortal_ImproperDisputeGame",
    );
    const unrespected = await it.propose(5, wrongRoot(2));
    expect(await it.proofRefusal(withdrawal, proof(unrespected.index))).toBe(
      "OptimismPortal_InvalidDisputeGame",
    );
    const lost = await it.propose(9, wrongRoot(3), 31337);
    const [claim] = await it.read(lost.address, "SuperFaultDisputeGame", "rootClaim");
    await it.send(it.roles.guardian, lost.address, "SuperFaultDisputeGame", "attack", [claim, 0, ZeroHash]);
    await it.resolve(lost, [1, 0]);
    expect(await it.proofRefusal(withdrawal, proof(lost.index))).toBe("OptimismPortal_InvalidDisputeGame");
    const other = await it.propose(9, wrongRoot(4), 31337);
    expect(await it.proofRefusal(withdrawal, proof(other.index))).toBe(
      "OptimismPortal_InvalidProofTimestamp",
    );
    await it.pass(1);
    expect(await it.proofRefusal(withdrawal, proof(other.index))).toBe("UnknownChainId");
    const mistaken = await it.propose(9, wrongRoot(5));
    const right = await it.propose(9, output);
    await it.pass(1);
    expect(await it.proofRefusal(withdrawal, proof(mistaken.index))).toBe(
      "OptimismPortal_InvalidOutputRootProof",
    );
    expect(await it.proofRefusal(withdrawal, { ...proofBy(right, sent), game: mistaken.index })).toBe(
      "OptimismPortal_InvalidOutputRootProof",
    );
    expect(await it.proofRefusal(withdrawal, proofBy(right, sent))).toBeUndefined();
  });

  test("takes nothing for a withdrawal that is not in L2's state", async () => {
    const sent = await withdrawn(it);
    const game = await it.propose(9, sent.output);
    await it.pass(1);
    const more = { ...sent.withdrawal, value: VALUE + 1n };
    expect(await it.proofRefusal(more, proofBy(game, sent))).toContain("MerkleTrie");
    expect(await it.proofRefusal(sent.withdrawal, { ...proofBy(game, sent), branch: [] })).toContain(
      "MerkleTrie",
    );
  });

  test("takes nothing where L2's state has something else in the withdrawal's place", async () => {
    const sent = await withdrawn(it);
    const forged = { ...sent.withdrawal, value: VALUE + 1n };
    const hash = hashOf(forged);
    await it.chains[2].helpers.setStorageAt(PREDEPLOYS.messagePasser, it.slotOf(hash), 2);
    await it.chains[2].helpers.mine(1);
    const output = await it.output(hash);
    const game = await it.propose(9, output);
    await it.pass(1);
    const proof = proofBy(game, { ...sent, output });
    expect(await it.proofRefusal(forged, proof)).toBe("OptimismPortal_InvalidMerkleProof");
  });

  test("counts for whoever has proved, and starts the clock of nobody else", async () => {
    const { withdrawal, hash, game, ...sent } = await proven(it);
    await it.pass(DELAYS.proofMaturityDelay);
    await it.prove(withdrawal, proofBy(game, { withdrawal, hash, ...sent }), it.roles.other);
    await it.resolve(game);
    await it.pass(DELAYS.finalityDelay + MARGIN);
    expect(await it.finalizeRefusal(withdrawal, it.roles.other)).toBe("OptimismPortal_ProofNotOldEnough");
    expect(await it.finalizeRefusal(withdrawal, it.roles.proposer)).toBe("OptimismPortal_Unproven");
    const submitters = await it.read(it.portal, "OptimismPortal2", "numProofSubmitters", [hash]);
    expect(submitters).toEqual([2n]);
    expect(await it.read(it.portal, "OptimismPortal2", "proofSubmitters", [hash, 1])).toEqual([
      it.roles.other,
    ]);
    // Anybody may finalise by somebody else's proof.
    const by = [withdrawal, it.roles.user];
    await it.send(
      it.roles.other,
      it.portal,
      "OptimismPortal2",
      "finalizeWithdrawalTransactionExternalProof",
      by,
    );
  });

  test("again restarts the clock", async () => {
    const { game, ...sent } = await proven(it);
    await it.pass(DELAYS.proofMaturityDelay);
    await it.prove(sent.withdrawal, proofBy(game, sent));
    await it.resolve(game);
    await it.pass(DELAYS.finalityDelay + MARGIN);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_ProofNotOldEnough");
  });
});

describe("finalising", () => {
  test("is refused for the first of its reasons, in the field's order", async () => {
    const { withdrawal, hash, game } = await proven(it);
    const unsafe = { ...withdrawal, target: it.portal };
    await it.pause(true);
    expect(await it.finalizeRefusal(unsafe)).toBe("OptimismPortal_CallPaused");
    await it.pause(false);
    expect(await it.finalizeRefusal(unsafe)).toBe("OptimismPortal_BadTarget");
    expect(await it.finalizeRefusal({ ...withdrawal, value: 1n })).toBe("OptimismPortal_Unproven");
    expect(await it.finalizeRefusal(withdrawal)).toBe("OptimismPortal_ProofNotOldEnough");
    await it.pass(DELAYS.proofMaturityDelay + MARGIN);
    expect(await it.finalizeRefusal(withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    await it.resolve(game);
    await it.pass(DELAYS.finalityDelay + MARGIN);
    const check = [hash, it.roles.user];
    expect(
      await it.refusal(it.roles.other, it.portal, "OptimismPortal2", "checkWithdrawal", check),
    ).toBeUndefined();
    await it.finalize(withdrawal);
    expect(await it.finalizeRefusal(withdrawal)).toBe("OptimismPortal_AlreadyFinalized");
  });

  test.each([
    ["blacklisted", async (game: string) => asGuardian("blacklistDisputeGame", [game])],
    ["retired", async () => asGuardian("updateRetirementTimestamp")],
  ] as const)("waits for another proof where the game is %s", async (_, spoil) => {
    const { game, ...sent } = await proven(it);
    await it.resolve(game);
    await it.pass(DELAYS.proofMaturityDelay + MARGIN);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBeUndefined();
    await spoil(game.address);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    await it.pass(1);
    expect(await it.proofRefusal(sent.withdrawal, proofBy(game, sent))).toBe(
      "OptimismPortal_ImproperDisputeGame",
    );
    const next = await it.propose(9, { ...sent.output, time: sent.output.time + 1 });
    await it.pass(1);
    await it.prove(sent.withdrawal, proofBy(next, sent));
    await it.resolve(next);
    await it.pass(DELAYS.proofMaturityDelay + MARGIN);
    await it.finalize(sent.withdrawal);
  });

  test("waits for another proof where the challenger has won", async () => {
    const { game, ...sent } = await proven(it);
    const [claim] = await it.read(game.address, "SuperFaultDisputeGame", "rootClaim");
    await it.send(it.roles.guardian, game.address, "SuperFaultDisputeGame", "attack", [claim, 0, ZeroHash]);
    await it.resolve(game, [1, 0]);
    await it.pass(DELAYS.proofMaturityDelay + MARGIN);
    expect(await it.finalizeRefusal(sent.withdrawal)).toBe("OptimismPortal_InvalidRootClaim");
    expect(await it.proofRefusal(sent.withdrawal, proofBy(game, sent))).toBe(
      "OptimismPortal_InvalidDisputeGame",
    );
  });

  test("goes on by games of a type that is no longer respected", async () => {
    const { game, withdrawal } = await proven(it);
    await asGuardian("setRespectedGameType", [5]);
    await it.resolve(game);
    await it.pass(DELAYS.proofMaturityDelay + MARGIN);
    const before = await balance();
    await it.finalize(withdrawal);
    expect((await balance()) - before).toBe(VALUE);
  });

  test("is done with a call that fails, and with the money", async () => {
    const reverting = "0x00000000000000000000000000000000000000fd";
    await it.chains[1].helpers.setCode(reverting, "0x60006000fd");
    const { withdrawal, game } = await proven(it, reverting);
    await it.resolve(game);
    await it.pass(DELAYS.proofMaturityDelay + MARGIN);
    await it.finalize(withdrawal);
    expect(await it.finalizeRefusal(withdrawal)).toBe("OptimismPortal_AlreadyFinalized");
    expect(await it.chains[1].ethers.getBalance(reverting)).toBe(0n);
  });

  test("lets no withdrawal finalise another", async () => {
    const target = "0x00000000000000000000000000000000000000fe";
    // Calls the portal with what it is called with, and stores the first word of the answer.
    const call = concat(["0x3660006000376000600036600060", "0x0073", it.portal, "0x5af150"]);
    await it.chains[1].helpers.setCode(target, concat([call, "0x600460006000", "0x3e600051600055", "0x00"]));
    const inner = await proven(it);
    const abi = it.contracts.abi("OptimismPortal2");
    const data = abi.encodeFunctionData("finalizeWithdrawalTransaction", [inner.withdrawal]);
    const { withdrawal, game } = await proven(it, target, data);
    await it.resolve(game);
    await it.pass(DELAYS.proofMaturityDelay + MARGIN);
    await it.finalize(withdrawal);
    const stored = await it.chains[1].ethers.getStorage(target, 0);
    expect(abi.parseError(stored.slice(0, 10))?.name).toBe("OptimismPortal_NoReentrancy");
  });
});
