import { concat, toBeHex } from "ethers";
import { describe, expect, test } from "vitest";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";
import type { Next } from "../../../stress/protocols/op-stack/withdrawals/withdrawals.ts";
import { nodeError } from "../../fakes/chain.ts";
import { child, contracts, messageOf, withdrawalOf } from "./made-up.ts";
import { gameAddress, type MadeUpGame, MadeUpRollup, outputRootOf, stateRootOf } from "./made-up-l1.ts";

const BLOCK = 40;

const withdrawal = withdrawalOf(messageOf(5n), BLOCK);

/** What is done next in the state of an L1 block: each time of a new one. */
function following(rollup: MadeUpRollup) {
  const opened = rollup.open();
  let block = 0;
  return async (): Promise<Next> => (await opened).next(withdrawal, child, block++);
}

const game = (own: Partial<MadeUpGame> = {}): MadeUpGame => ({ type: 1, createdAt: 900, at: 50, ...own });

/** Which game a proof is against, and at which index. */
const against = (next: Next): unknown => (next.do === "prove" ? next.note.values : next.do);

const WRONG = `0x${"ee".repeat(32)}`;

describe.each(["games", "registry"] as const)("dispute games of portals with %s", (kind) => {
  test("are waited for until one covers the withdrawal", async () => {
    const rollup = new MadeUpRollup(kind);
    const next = following(rollup);
    expect(await next()).toEqual({ do: "wait" });
    rollup.games.push(game({ at: BLOCK - 1 }));
    expect(await next()).toEqual({ do: "wait" });
    rollup.games.push(game({ at: BLOCK }));
    expect(against(await next())).toEqual({ game: gameAddress(1), type: "1" });
  });

  test("are proved against with L2's state of their block, by their index", async () => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ at: 10 }), game({ at: 60 }));
    const next = await following(rollup)();
    if (next.do !== "prove") throw new Error("wants a proof");
    const call = ABI.OptimismPortal.parseTransaction({ data: next.plan.data });
    expect(call?.args[0].toArray()).toEqual([
      withdrawal.nonce,
      withdrawal.sender,
      withdrawal.target,
      5n,
      withdrawal.gasLimit,
      withdrawal.data,
    ]);
    expect(call?.args[1]).toBe(1n);
    expect(call?.args[3].toArray()).toEqual(["0xc0"]);
    expect(next.plan).toMatchObject({ to: contracts.portal, value: 0n, moves: [] });
  });

  test("are read anew where a reorganisation of L1 put another one in a game's place, its address and time included", async () => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ createdAt: 900, at: 50 }));
    const next = following(rollup);
    expect(against(await next())).toMatchObject({ game: gameAddress(0) });
    rollup.games[0] = game({ createdAt: 900, at: 60 });
    const again = await next();
    if (again.do !== "prove") throw new Error("wants a proof");
    const call = ABI.OptimismPortal.parseTransaction({ data: again.plan.data });
    expect(call?.args[2][1]).toBe(stateRootOf(60));
  });

  test("are not proved against in the second that they were made in", async () => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ createdAt: 1000 }));
    const next = following(rollup);
    expect(await next()).toEqual({ do: "wait" });
    rollup.now = 1001;
    expect(against(await next())).toMatchObject({ game: gameAddress(0) });
  });

  test("are taken oldest first, whatever else covers it", async () => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ createdAt: 800, at: 45 }), game({ createdAt: 900, at: 50 }));
    expect(against(await following(rollup)())).toMatchObject({ game: gameAddress(0) });
  });

  test.each<[string, Partial<MadeUpGame>]>([
    ["claim what is not so", { root: WRONG }],
    ["are blacklisted", { isBlacklisted: true }],
    ["were resolved for their challenger", { status: 1 }],
    ["are of a type that nobody here knows", { type: 99 }],
  ])("are passed over where they %s", async (_, own) => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ createdAt: 800, ...own }));
    const next = following(rollup);
    expect(await next()).toEqual({ do: "wait" });
    rollup.games.push(game({ createdAt: 990 }));
    expect(against(await next())).toMatchObject({ game: gameAddress(1) });
  });

  test("are told where they claim what is not so, or are of a type that is not known, once", async () => {
    const rollup = new MadeUpRollup(kind);
    rollup.respected = 99;
    rollup.games.push(game({ type: 99 }));
    const next = following(rollup);
    await next();
    rollup.respected = 1;
    rollup.games.push(game({ root: WRONG }));
    await next();
    await next();
    expect(rollup.warnings).toEqual([
      expect.stringContaining(`${gameAddress(0)} is of type 99, which is not known here`),
      expect.stringContaining(`${gameAddress(1)} of type 1 claims ${WRONG} of L2 block 50`),
    ]);
  });

  test("are waited for once proved against, until the windows are over and the portal says yes", async () => {
    const rollup = new MadeUpRollup(kind);
    const own = game();
    rollup.games.push(own);
    rollup.proven = { game: 0, at: 1000 };
    const next = following(rollup);
    expect(await next()).toEqual({ do: "wait" });
    rollup.now = 1011;
    expect(await next()).toEqual({ do: "wait" });
    own.status = 2;
    expect(await next()).toMatchObject({ do: "finalise", note: { name: "finalize" } });
    rollup.isPaused = true;
    expect(await next()).toEqual({ do: "wait" });
    rollup.isFinalised = true;
    expect(await next()).toEqual({ do: "nothing" });
  });

  test.each<[string, Partial<MadeUpGame>]>([
    ["is blacklisted", { isBlacklisted: true }],
    ["is resolved for its challenger", { status: 1 }],
  ])("are proved against again where the first one %s", async (_, own) => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ createdAt: 800, ...own }), game({ createdAt: 950 }));
    rollup.proven = { game: 0, at: 900 };
    expect(against(await following(rollup)())).toEqual({ game: gameAddress(1), type: "1" });
    expect(rollup.warnings.join()).toContain("has to be proved again");
  });

  // It is taken by some portals, and can never be finalised.
  test("are proved against again where the proof is of the game's own second", async () => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ createdAt: 900 }));
    rollup.proven = { game: 0, at: 900 };
    expect(against(await following(rollup)())).toMatchObject({ game: gameAddress(0) });
  });

  test("are not proved against while the portal is paused", async () => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game());
    rollup.isPaused = true;
    expect(await following(rollup)()).toEqual({ do: "wait" });
    rollup.proven = { game: 0, at: 950 };
    expect(await following(rollup)()).toEqual({ do: "wait" });
  });
});

describe("a change of the respected type", () => {
  const changed = (kind: "games" | "registry"): MadeUpRollup => {
    const rollup = new MadeUpRollup(kind);
    rollup.games.push(game({ createdAt: 800 }), game({ type: 8, createdAt: 950 }));
    rollup.proven = { game: 0, at: 900 };
    rollup.respected = 8;
    rollup.respectedSince = 940;
    return rollup;
  };

  test("has a withdrawal proved again by portals of version 3", async () => {
    expect(against(await following(changed("games"))())).toEqual({ game: gameAddress(1), type: "8" });
  });

  test("leaves what was proved as it is, by later ones", async () => {
    expect(await following(changed("registry"))()).toEqual({ do: "wait" });
  });

  test("has games of the old type passed over that were made when it was not respected any more", async () => {
    const rollup = new MadeUpRollup("registry");
    rollup.games.push(game({ wasRespected: false }));
    expect(await following(rollup)()).toEqual({ do: "wait" });
  });

  test("has all that was made before it retired, where the registry says so", async () => {
    const rollup = changed("registry");
    const [first] = rollup.games;
    if (first !== undefined) first.isRetired = true;
    expect(against(await following(rollup)())).toEqual({ game: gameAddress(1), type: "8" });
  });
});

describe("a game by L2 time", () => {
  /** The block whose state a proof is of. */
  async function blockFor(time: number, times: readonly number[]): Promise<unknown> {
    const rollup = new MadeUpRollup("registry");
    rollup.times = times;
    rollup.games.push(game({ type: 9, at: time }));
    const next = await following(rollup)();
    if (next.do !== "prove") return next.do;
    const call = ABI.OptimismPortal.parseTransaction({ data: next.plan.data });
    const root = String(call?.args[2][1]);
    return times.findIndex((_, block) => root === stateRootOf(block));
  }

  test.each([
    { what: "at its time", time: 70, times: everyS(1), block: 70 },
    { what: "before its time, where blocks are of two seconds", time: 81, times: everyS(2), block: 40 },
    { what: "of its time, where five share one", time: 12, times: everyS(0.2), block: 64 },
  ])("is proved against the last block $what", async ({ time, times, block }) => {
    expect(await blockFor(time, times)).toBe(block);
  });

  test("is waited for while L2 may still get blocks of its time", async () => {
    expect(await blockFor(100, everyS(1))).toBe("wait");
  });

  test("whose claim of this chain is wrong is passed over", async () => {
    const rollup = new MadeUpRollup("registry");
    rollup.games.push(game({ type: 9, at: 60, root: WRONG }));
    expect(await following(rollup)()).toEqual({ do: "wait" });
  });
});

describe("a portal of version 4 whose super roots are active", () => {
  const entry = (chainId: number, root: string): string => concat([toBeHex(chainId, 32), root]);
  const superRoot = (own: string): string =>
    concat(["0x01", toBeHex(60, 8), entry(10, WRONG), entry(901, own), entry(8453, WRONG)]);

  test("is given the super root and L2's place in it", async () => {
    const rollup = new MadeUpRollup("registry");
    rollup.provesSuperRoots = true;
    rollup.games.push(game({ type: 4, at: 60, extraData: superRoot(outputRootOf(60)) }));
    const next = await following(rollup)();
    if (next.do !== "prove") throw new Error("wants a proof");
    const { args = [] } = ABI.OptimismPortal.parseTransaction({ data: next.plan.data }) ?? {};
    expect([args.length, args[1], args[2]]).toEqual([6, gameAddress(0), 1n]);
    const [version, time, entries] = args[3] as readonly [string, bigint, readonly (readonly bigint[])[]];
    expect([version, time]).toEqual(["0x01", 60n]);
    expect(entries.map(([chainId]) => chainId)).toEqual([10n, 901n, 8453n]);
  });

  test("is given nothing of a game whose super root has another root for L2", async () => {
    const rollup = new MadeUpRollup("registry");
    rollup.provesSuperRoots = true;
    rollup.games.push(game({ type: 4, at: 60, extraData: superRoot(WRONG) }));
    expect(await following(rollup)()).toEqual({ do: "wait" });
  });
});

/** Times of 101 blocks, one each so many seconds. */
function everyS(seconds: number): readonly number[] {
  return Array.from({ length: 101 }, (_, block) => Math.floor(block * seconds));
}

describe("outputs in an oracle", () => {
  const opened = () => {
    const rollup = new MadeUpRollup("outputs");
    rollup.outputs.push({ block: 30, proposedAt: 900 });
    return rollup;
  };

  test("are waited for, and then proved against by index", async () => {
    const rollup = opened();
    const next = following(rollup);
    expect(await next()).toEqual({ do: "wait" });
    rollup.outputs.push({ block: 50, proposedAt: 950 });
    expect(against(await next())).toEqual({ output: "1" });
  });

  test("are waited for until both windows are over", async () => {
    const rollup = opened();
    rollup.outputs.push({ block: 50, proposedAt: 950 });
    rollup.provenOutput = { root: outputRootOf(50), index: 1, at: 1000 };
    const next = following(rollup);
    rollup.now = 1010;
    expect(await next()).toEqual({ do: "wait" });
    rollup.now = 1011;
    expect(await next()).toMatchObject({ do: "finalise" });
  });

  test("that are wrong are not proved against, and told", async () => {
    const rollup = opened();
    rollup.outputs.push({ block: 50, proposedAt: 950, root: WRONG });
    expect(await following(rollup)()).toEqual({ do: "wait" });
    expect(rollup.warnings.join()).toContain(`output 1 claims ${WRONG} of L2 block 50`);
  });

  test("that are wrong, and are never deleted, are passed over for the next one that is right", async () => {
    const rollup = opened();
    rollup.outputs.push(
      { block: 50, proposedAt: 950, root: WRONG },
      { block: 60, proposedAt: 960, root: WRONG },
    );
    const next = following(rollup);
    expect(await next()).toEqual({ do: "wait" });
    rollup.outputs.push({ block: 70, proposedAt: 970 }, { block: 80, proposedAt: 980 });
    expect(against(await next())).toEqual({ output: "3" });
    // Each of the wrong ones was told, once.
    expect(rollup.warnings).toHaveLength(2);
  });

  test("that were deleted and replaced are proved against again", async () => {
    const rollup = opened();
    rollup.provenOutput = { root: WRONG, index: 1, at: 1000 };
    const next = following(rollup);
    // The portal takes no other proof yet.
    expect(await next()).toEqual({ do: "wait" });
    rollup.outputs.push({ block: 50, proposedAt: 950 });
    expect(against(await next())).toEqual({ output: "1" });
  });
});

describe("how far a run takes its withdrawals", () => {
  const extent = async (patience: Parameters<MadeUpRollup["open"]>[0], maturity: number) => {
    const rollup = new MadeUpRollup("registry");
    rollup.maturity = maturity;
    rollup.games.push(game({ extraData: toBeHex(50, 32) }));
    return (await rollup.open(patience)).extent;
  };

  test("is to the end where their windows are over before it gives up, or nothing is said", async () => {
    expect(await extent(undefined, 604_800)).toEqual({ kind: "to the end" });
    expect(await extent({ upTo: 20_000, leavesRest: false }, 20)).toEqual({ kind: "to the end" });
  });

  test("is not at all, with the reason, where they take longer", async () => {
    expect(await extent({ upTo: 2_700_000, leavesRest: false }, 604_800)).toEqual({
      kind: "not at all",
      reason:
        'withdrawals take 7 d here, and a run waits 45 min: "leaveWithdrawals": true has them proved and left to npm run recover',
    });
  });

  test("is until they are proved, where the target leaves the rest", async () => {
    expect(await extent({ upTo: 1000, leavesRest: true }, 604_800)).toEqual({ kind: "until proven" });
  });

  test("reckons with the game's own time, too", async () => {
    // 7 s for the game and 5 s more: longer than its proof's 10 s.
    const rollup = new MadeUpRollup("games");
    rollup.games.push(game());
    expect((await rollup.open()).takes).toBe(12_000);
  });
});

test("the newest game is asked for as of one block, when a bridge is opened: of several nodes one may not have it yet", async () => {
  const rollup = new MadeUpRollup("registry");
  rollup.games.push(game());
  await rollup.open();
  const newest = await rollup.chains[1].send("eth_blockNumber", []);
  const { factory } = contracts.addresses;
  const asked = rollup.chains[1].calls.filter(
    ({ params: [call] }) => (call as { to?: string } | undefined)?.to === factory,
  );
  expect(asked.map(({ params }) => params[1])).toEqual([newest, newest]);
});

test("a game that a reorganisation of L1 took back between its count and its reading is waited for", async () => {
  const rollup = new MadeUpRollup("registry");
  rollup.games.push(game());
  const next = following(rollup);
  await next();
  const chain = rollup.chains[1];
  const send = chain.send.bind(chain);
  const selector = ABI.DisputeGameFactory.getFunction("gameAtIndex")?.selector ?? "";
  chain.send = (method, params) => {
    const { data = "" } = (params[0] ?? {}) as { readonly data?: string };
    return data.startsWith(selector)
      ? Promise.reject(nodeError("execution reverted", 3))
      : send(method, params);
  };
  expect(await next()).toEqual({ do: "wait" });
  chain.send = send;
  expect(against(await next())).toEqual({ game: gameAddress(0), type: "1" });
});

test("what a node cannot tell now is asked again with the next block, and told once", async () => {
  const rollup = new MadeUpRollup("games");
  rollup.games.push(game());
  const next = following(rollup);
  rollup.chains[2].answer("eth_getProof", () => null);
  expect(await next()).toEqual({ do: "wait" });
  expect(await next()).toEqual({ do: "wait" });
  expect(rollup.warnings).toHaveLength(1);
});
