import { toBeHex, ZeroHash } from "ethers";
import { describe, expect, test } from "vitest";
import { superRootOf } from "../../../../fixtures/local-stack/op-stack/super/super-root.ts";
import { DELAYS, MARGIN } from "./deployed.ts";
import { onContracts } from "./on-contracts.ts";

const it = onContracts();

const ROOT = toBeHex(7, 32);
const TIME = 4_000_000_000;

const factory = () => it().at("DisputeGameFactory");
const registry = () => it().at("AnchorStateRegistry");

const create = (type: number, root: string, encoded: string, by = it().roles.proposer, value = 0n) =>
  it().refusal(by, factory(), "DisputeGameFactory", "create", [type, root, encoded], value);

const ask = async (game: string, method: string, args: readonly unknown[] = []) =>
  (await it().read(game, "SuperFaultDisputeGame", method, args))[0];

const isGame = async (what: string, game: string) =>
  (await it().read(registry(), "AnchorStateRegistry", `isGame${what}`, [game]))[0];

describe("a super root", () => {
  test("is the hash of time, chain ids and output roots, by chain id", () => {
    const { encoded, root } = superRootOf(0x0102, [
      { chainId: 11, outputRoot: toBeHex(2, 32) },
      { chainId: 10, outputRoot: toBeHex(1, 32) },
    ]);
    const word = (value: number) => value.toString(16).padStart(64, "0");
    expect(encoded).toBe(`0x010000000000000102${word(10)}${word(1)}${word(11)}${word(2)}`);
    expect(root).toHaveLength(66);
  });
});

describe.each([9, 5] as const)("a game of type %i", (type) => {
  test("says what it was created with", async () => {
    const { address, index } = await it().propose(type, { root: ROOT, time: TIME });
    const claim = superRootOf(TIME, [
      { chainId: it().chains[2].chainId, outputRoot: ROOT },
      { chainId: 10, outputRoot: toBeHex(1, 32) },
    ]);
    expect(await ask(address, "gameType")).toBe(BigInt(type));
    expect(await ask(address, "rootClaim")).toBe(claim.root);
    expect(await ask(address, "extraData")).toBe(claim.encoded);
    expect(await ask(address, "gameCreator")).toBe(it().roles.proposer);
    expect(await ask(address, "l2SequenceNumber")).toBe(BigInt(TIME));
    expect(await ask(address, "rootClaimByChainId", [it().chains[2].chainId])).toBe(ROOT);
    expect(await ask(address, "rootClaimByChainId", [10])).toBe(toBeHex(1, 32));
    expect(await ask(address, "maxClockDuration")).toBe(BigInt(DELAYS.gameClock));
    expect(await ask(address, "anchorStateRegistry")).toBe(registry());
    expect(await ask(address, "wasRespectedGameTypeWhenCreated")).toBe(type === 9);
    const [, time, roots] = (await ask(address, "superRootProof")) as unknown[];
    expect(time).toBe(BigInt(TIME));
    expect(roots).toEqual([
      [10n, toBeHex(1, 32)],
      [BigInt(it().chains[2].chainId), ROOT],
    ]);
    const [listed] = await it().read(factory(), "DisputeGameFactory", "findLatestGames", [type, index, 5]);
    expect(listed).toEqual([
      [BigInt(index), expect.anything(), expect.anything(), claim.root, claim.encoded],
    ]);
    expect(
      await it().read(factory(), "DisputeGameFactory", "games", [type, claim.root, claim.encoded]),
    ).toEqual([address, await ask(address, "createdAt")]);
  });

  test("is refused for what it claims", async () => {
    const chains = [{ chainId: 10, outputRoot: ROOT }];
    const { root, encoded } = superRootOf(TIME, chains);
    const [, anchored] = await it().read(registry(), "AnchorStateRegistry", "getAnchorRoot");
    const early = superRootOf(Number(anchored), chains);
    const empty = superRootOf(TIME, []);
    expect(await create(type, ZeroHash, encoded)).toBe("BadExtraData");
    expect(await create(type, early.root, early.encoded)).toBe("BadExtraData");
    expect(await create(type, empty.root, empty.encoded)).toBe("Encoding_EmptySuperRoot");
    expect(await create(type, root, encoded, it().roles.proposer, 1n)).toBe("IncorrectBondAmount");
    expect(await create(8, root, encoded)).toBe("NoImplementation");
    expect(await create(type, root, encoded, it().roles.other)).toBe(type === 5 ? "BadAuth" : undefined);
    await it().send(it().roles.proposer, factory(), "DisputeGameFactory", "create", [type, root, encoded]);
    expect(await create(type, root, encoded)).toBe("GameAlreadyExists");
  });

  test("counts once it is resolved and the finality delay is over", async () => {
    await it().send(it().roles.guardian, registry(), "AnchorStateRegistry", "setRespectedGameType", [type]);
    const game = await it().propose(type, { root: ROOT, time: TIME });
    const stand = async () => [
      await isGame("Proper", game.address),
      await isGame("Finalized", game.address),
      await isGame("ClaimValid", game.address),
    ];
    expect(await stand()).toEqual([true, false, false]);
    expect(await it().refusal(it().roles.other, game.address, "SuperFaultDisputeGame", "resolve", [])).toBe(
      type === 9 ? "OutOfOrderResolution" : "ClockNotExpired",
    );
    if (type === 9) await it().resolve(game);
    else {
      await it().pass(DELAYS.gameClock + MARGIN);
      await it().send(it().roles.other, game.address, "SuperPermissionedDisputeGame", "resolve");
    }
    expect(await stand()).toEqual([true, false, false]);
    await it().pass(DELAYS.finalityDelay + MARGIN);
    expect(await stand()).toEqual([true, true, true]);
    await it().pause(true);
    expect(await stand()).toEqual([false, true, false]);
    await it().pause(false);
    // What counts may be where later games start from.
    await it().send(it().roles.other, registry(), "AnchorStateRegistry", "setAnchorState", [game.address]);
    const anchor = await it().read(registry(), "AnchorStateRegistry", "getAnchorRoot");
    expect(anchor).toEqual([await ask(game.address, "rootClaim"), BigInt(TIME)]);
  });
});

describe("the registry", () => {
  test("obeys the guardian alone", async () => {
    const { address } = await it().propose(9, { root: ROOT, time: TIME });
    for (const [method, args] of [
      ["setRespectedGameType", [5]],
      ["updateRetirementTimestamp", []],
      ["blacklistDisputeGame", [address]],
    ] as const) {
      const refusal = await it().refusal(
        it().roles.proposer,
        registry(),
        "AnchorStateRegistry",
        method,
        args,
      );
      expect(refusal).toBe("AnchorStateRegistry_Unauthorized");
    }
  });

  test("takes no game for proper that its factory does not know", async () => {
    const { address } = await it().propose(9, { root: ROOT, time: TIME });
    const copy = "0x0000000000000000000000000000000000000bad";
    await it().chains[1].helpers.setCode(copy, await it().chains[1].ethers.getCode(address));
    expect(await isGame("Registered", address)).toBe(true);
    expect(await isGame("Registered", copy)).toBe(false);
    expect(await isGame("Proper", copy)).toBe(false);
  });
});

describe("the permissioned game", () => {
  test("is lost at once where the challenger says so in time", async () => {
    const { address } = await it().propose(5, { root: ROOT, time: TIME });
    const challenge = (by: string) =>
      it().refusal(by, address, "SuperPermissionedDisputeGame", "challenge", []);
    expect(await challenge(it().roles.proposer)).toBe("BadAuth");
    await it().send(it().roles.guardian, address, "SuperPermissionedDisputeGame", "challenge");
    expect(await ask(address, "status")).toBe(1n);
    expect(await challenge(it().roles.guardian)).toBe("GameNotInProgress");
    const later = await it().propose(5, { root: ROOT, time: TIME + 1 });
    await it().pass(DELAYS.gameClock + MARGIN);
    expect(
      await it().refusal(it().roles.guardian, later.address, "SuperPermissionedDisputeGame", "challenge", []),
    ).toBe("ClockTimeExceeded");
  });
});
