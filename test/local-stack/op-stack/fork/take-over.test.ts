import { Interface, parseEther, toQuantity, ZeroAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LocalChain } from "../../../../fixtures/local-stack/chains.ts";
import { deployRollup } from "../../../../fixtures/local-stack/op-stack/deploy.ts";
import { endGenesis } from "../../../../fixtures/local-stack/op-stack/foundation.ts";
import { shorten } from "../../../../fixtures/local-stack/op-stack/fork/delays.ts";
import { takeGames } from "../../../../fixtures/local-stack/op-stack/fork/games.ts";
import { takeOutputs } from "../../../../fixtures/local-stack/op-stack/fork/outputs.ts";
import { toldNumber } from "../../../../fixtures/local-stack/op-stack/fork/set-number.ts";
import { stackSettings } from "../../../../fixtures/local-stack/op-stack/settings.ts";
import { CHAINS, type PerChain } from "../../../../stress/engine/base/chain.ts";
import { openTwoChains } from "../two-chains.ts";

/** Seconds, as on live networks. */
const DELAYS = { proofMaturityDelay: 604_800, gameClock: 302_400, finalityDelay: 302_400 };

/** Seconds that a fork leaves of them. */
const DELAY = 3;

/** Of Base's games, which are made with proofs of their own. */
const PROVEN_TYPE = 621;

const OWNER = new Interface([
  "function setInitBond(uint32 gameType, uint256 bond)",
  "function setImplementation(uint32 gameType, address game)",
  "function setImplementation(uint32 gameType, address game, bytes args)",
  "function setRespectedGameType(uint32 gameType)",
]);

const CLAIM = { l2Block: 1000, l2Time: 2_000_000_000, outputRoot: `0x${"ab".repeat(32)}` };

/** A pair of chains with the contracts of a generation, as if it were forked. */
async function openTarget(generation: "oracle" | "games" | "super") {
  const chains = await openTwoChains();
  const role = async (name: string) => (await chains[1].roleAccount(name)).address;
  const roles = { proposer: await role("proposer"), guardian: await role("guardian") };
  const settings = stackSettings.parse({ generation, ...DELAYS });
  const rollup = await deployRollup(chains, roles, settings);
  await endGenesis(chains[2]);
  const owner = await role("L1 deployer");
  return { chains, rollup, roles, owner };
}

type Target = Awaited<ReturnType<typeof openTarget>>;

const placesOf = ({ rollup, roles: { guardian } }: Target) => {
  if (rollup.judge.kind === "oracle") throw new Error("outputs have no factory");
  const { factory, kind, address } = rollup.judge;
  const registry = kind === "registry" ? address : undefined;
  return { factory, portal: rollup.at.portal, registry, guardian };
};

async function send(l1: LocalChain, from: string, to: string, method: string, args: readonly unknown[]) {
  const data = OWNER.encodeFunctionData(method, args);
  const call = { from, to, data, gas: toQuantity(1_000_000) };
  const hash = await l1.provider.request({ method: "eth_sendTransaction", params: [call] });
  await l1.helpers.mine(1);
  expect((await l1.ethers.getTransactionReceipt(String(hash)))?.status).toBe(1);
}

const close = (chains: PerChain<LocalChain>) => Promise.all(CHAINS.map((chain) => chains[chain].close()));

describe.each([
  ["games", 1],
  ["super", 9],
] as const)("a target of generation %s", (generation, type) => {
  let target: Target;

  beforeAll(async () => {
    target = await openTarget(generation);
  });
  afterAll(() => close(target.chains));

  test("has its delays shortened in its own contracts' code", async () => {
    const { chains, rollup } = target;
    const taken = await takeGames(chains, placesOf(target), DELAY);
    expect(taken.delays).toEqual({ proofMaturityDelay: DELAY, gameClock: DELAY, finalityDelay: DELAY });
    const portal = { contract: rollup.at.portal };
    for (const getter of ["proofMaturityDelaySeconds()", "disputeGameFinalityDelaySeconds()"])
      expect(await toldNumber(chains[1], { ...portal, getter })).toBe(BigInt(DELAY));
    expect(taken.proposes).toContain(`dispute games of type ${type}, the target's own (0x`);
    expect(taken.generation).toBe(generation);
  });

  test("has its own bond paid, and games made as whoever may", async () => {
    const { chains, owner, roles } = target;
    const places = placesOf(target);
    // The newest generation's factory is our own, and has no bonds.
    const bond = generation === "games" ? parseEther("0.08") : 0n;
    if (bond > 0n) await send(chains[1], owner, places.factory, "setInitBond", [type, bond]);
    const { proposals, proposer } = await takeGames(chains, places, DELAY);
    expect((await proposals.propose(CLAIM)).value).toBe(bond);
    // Type 9 is anybody's.
    expect(proposer).toBe(generation === "games" ? roles.proposer : undefined);
  });

  test("has another type of games respected where a fork cannot make the respected one", async () => {
    const { chains, rollup, roles } = target;
    const places = placesOf(target);
    await send(chains[1], roles.guardian, rollup.judge.address, "setRespectedGameType", [PROVEN_TYPE]);
    const { proposes } = await takeGames(chains, places, DELAY);
    expect(proposes).toContain(`in place of type ${PROVEN_TYPE}, which a fork cannot make`);
    expect(await toldNumber(chains[1], { contract: rollup.at.portal, getter: "respectedGameType()" })).toBe(
      BigInt(type),
    );
  });

  test("is refused in a sentence where its factory has none that a fork could make", async () => {
    const { chains, rollup, roles, owner } = target;
    const places = placesOf(target);
    await send(chains[1], roles.guardian, rollup.judge.address, "setRespectedGameType", [PROVEN_TYPE]);
    const [method, more] =
      generation === "games"
        ? (["setImplementation(uint32,address)", []] as const)
        : (["setImplementation(uint32,address,bytes)", ["0x"]] as const);
    for (const known of [1, 5, 9])
      await send(chains[1], owner, places.factory, method, [known, ZeroAddress, ...more]);
    await expect(takeGames(chains, places, DELAY)).rejects.toMatchObject({
      code: "FORK_FAILED",
      message: expect.stringMatching(
        /^the target respects dispute games of type 621, which a fork cannot make, and its factory 0x\w{40} has no others that it could: no withdrawal would end$/,
      ),
    });
  });
});

describe("a target of generation oracle", () => {
  let target: Target;
  const [head, interval] = [1000, 4];

  beforeAll(async () => {
    target = await openTarget("oracle");
  });
  afterAll(() => close(target.chains));

  test("has its window shortened, and outputs of the fork follow its last one at once", async () => {
    const { chains, rollup, roles } = target;
    const oracle = rollup.judge.address;
    const taken = await takeOutputs(chains[1], oracle, head, interval, DELAY);
    expect(taken.delays.proofMaturityDelay).toBe(DELAY);
    expect(taken.proposer).toBe(roles.proposer);
    expect(await toldNumber(chains[1], { contract: oracle, getter: "finalizationPeriodSeconds()" })).toBe(
      BigInt(DELAY),
    );
    expect(await taken.proposals.due(head)).toEqual([head]);
    await taken.afterFirst?.();
    const interim = { contract: oracle, getter: "submissionInterval()" };
    expect(await toldNumber(chains[1], interim)).toBe(BigInt(interval));
  });

  test("is refused where it has outputs of blocks that the fork has not", async () => {
    const { chains, rollup } = target;
    await expect(takeOutputs(chains[1], rollup.judge.address, 3, interval, DELAY)).rejects.toMatchObject({
      code: "FORK_FAILED",
      message: expect.stringMatching(/has an output of L2 block \d+, .*: pin a later block of L2$/),
    });
  });

  test("is refused where a number of its contracts stands in neither storage nor code", async () => {
    const { chains, rollup } = target;
    const reckoned = { contract: rollup.at.portal, getter: "minimumGasLimit(uint64)", args: [0] };
    const before = await toldNumber(chains[1], reckoned);
    await expect(shorten(chains[1], reckoned, DELAY)).rejects.toMatchObject({
      code: "FORK_FAILED",
      message: expect.stringContaining(
        `has its minimumGasLimit(uint64) of ${before} s neither in its storage`,
      ),
    });
    expect(await toldNumber(chains[1], reckoned)).toBe(before);
    const unknown = { contract: rollup.at.portal, getter: "nobodyKnowsThis()" };
    await expect(shorten(chains[1], unknown, DELAY)).rejects.toThrow("has no nobodyKnowsThis()");
  });
});
