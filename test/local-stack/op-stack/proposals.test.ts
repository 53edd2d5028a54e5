import { Contract, toQuantity, Wallet } from "ethers";
import { describe, expect, test } from "vitest";
import { until } from "../faults/until.ts";
import { account, Depositor } from "./depositor.ts";
import { claims, outputRoot } from "./games.ts";
import { type OpBed, openOpBed } from "./op-bed.ts";

/** Won by the defender. */
const DEFENDER_WINS = 2;

/** Milliseconds for which the busiest of machines takes some games. */
const PATIENCE = 40_000;

const ORACLE = [
  "function startingBlockNumber() view returns (uint256)",
  "function SUBMISSION_INTERVAL() view returns (uint256)",
  "function latestOutputIndex() view returns (uint256)",
  "function nextBlockNumber() view returns (uint256)",
  "function getL2Output(uint256) view returns (bytes32 outputRoot, uint128 timestamp, uint128 l2BlockNumber)",
];

const headOf = async ({ providers }: OpBed): Promise<number> =>
  Number(await providers[2].send("eth_blockNumber", []));

describe("games by L2 block", () => {
  test("claim the roots that clients reckon, in an L1 second of their own, and are resolved in time", async () => {
    const bed = await openOpBed();
    try {
      const resolved = await until(
        "four resolved games",
        async () => {
          const games = await claims(bed);
          return games.filter(({ status }) => status === DEFENDER_WINS).length >= 4 ? games : undefined;
        },
        PATIENCE,
      );
      for (const { l2Block, root } of resolved)
        expect(await outputRoot(bed.providers[2], l2Block)).toBe(root);
      expect(new Set(resolved.map(({ createdAt }) => createdAt)).size).toBe(resolved.length);
      const blocks = resolved.map(({ l2Block }) => l2Block);
      expect(blocks).toEqual(blocks.toSorted((one, other) => one - other));
    } finally {
      await bed.close();
    }
  });

  test("are never of a block whose state was changed by hand, nor kept from being made by deposits", async () => {
    const bed = await openOpBed();
    try {
      const [whom, rich] = [Wallet.createRandom().address, Wallet.createRandom().address];
      const edited = new Set<number>();
      let edits = 0;
      const depositor = new Depositor(bed, account(1));
      const before = (await claims(bed)).length;
      await until(
        "six more games, and an edit within one block",
        async () => {
          const head = await headOf(bed);
          await bed.providers[2].send("hardhat_setBalance", [rich, toQuantity(++edits)]);
          if ((await headOf(bed)) === head) edited.add(head);
          await depositor.send({ to: whom, value: 1n });
          const isEnough = edited.size > 0 && (await claims(bed)).length >= before + 6;
          return isEnough ? true : undefined;
        },
        PATIENCE,
      );
      const proposed = await claims(bed);
      // outputRoot throws where a block has another state than its header tells.
      for (const { l2Block, root } of proposed)
        expect(await outputRoot(bed.providers[2], l2Block)).toBe(root);
      expect(proposed.filter(({ l2Block }) => edited.has(l2Block))).toEqual([]);
    } finally {
      await bed.close();
    }
  });
});

test("outputs are of exactly the blocks that the oracle expects", async () => {
  const bed = await openOpBed({ generation: "oracle" });
  try {
    const oracle = new Contract(bed.at("L2OutputOracle"), ORACLE, bed.providers[1]);
    const ask = async (method: string, ...args: unknown[]): Promise<unknown> =>
      oracle.getFunction(method).staticCall(...args);
    await until(
      "five outputs",
      async () => {
        const last = await ask("latestOutputIndex").catch(() => 0n);
        return BigInt(String(last)) >= 4n ? true : undefined;
      },
      PATIENCE,
    );
    const [start, every] = [
      Number(await ask("startingBlockNumber")),
      Number(await ask("SUBMISSION_INTERVAL")),
    ];
    for (let index = 0; index < 5; index++) {
      const [root, , block] = (await ask("getL2Output", index)) as [string, bigint, bigint];
      expect(Number(block)).toBe(start + every * (index + 1));
      expect(await outputRoot(bed.providers[2], Number(block))).toBe(root);
    }
  } finally {
    await bed.close();
  }
});
