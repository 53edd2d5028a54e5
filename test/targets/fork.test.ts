import { describe, expect, test } from "vitest";
import { parseTarget } from "../../targets/load.ts";
import type { Target } from "../../targets/target.ts";
import { KEY, OWNER, remote } from "./mistakes.ts";

const parse = (file: object, option?: string): Target =>
  parseTarget(JSON.stringify(file), "t.json", {}, option);

const ours = { ...remote, funder: { key: KEY } };

const forkOf = ({ place }: Target) => {
  if (place.kind !== "fork") throw new Error("wants a fork");
  return place;
};

describe("--fork", () => {
  test("makes a target a fork of its own endpoints, at the newest blocks", () => {
    const target = parse(ours, "newest");
    const { of, fork } = forkOf(target);
    expect(of).toEqual(parse(ours).place);
    expect(fork).toEqual({
      of: "mine",
      blocks: undefined,
      margin: 16,
      settings: { l1BlockTime: 1000, l2BlockTime: 250, fraudProofWindow: 5 },
    });
    expect(target.name).toBe("mine-fork");
  });

  test("pins the blocks that it names", () => {
    expect(forkOf(parse(ours, "7000000,120000")).fork.blocks).toEqual({ 1: 7_000_000, 2: 120_000 });
  });

  test("never uses the target's key", () => {
    expect(parse(ours).funder.address).toBe(OWNER);
    const { funder } = parse(ours, "newest");
    expect(funder.address).not.toBe(OWNER);
    expect(funder.key).not.toBe(KEY);
  });

  test("forks a predecessor's target, too, whatever its funder", () => {
    const file = {
      name: "old",
      endpoints: ["https://l1.example", "https://l2.example"],
      op_pct: [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
      ],
      funder_acct: ["${ADDRESS}", "${KEY}"],
      max_fund_eth: 1,
      address_server: "https://addresses.example",
    };
    const target = parse(file, "5,6");
    expect(forkOf(target).fork).toMatchObject({ of: "old", blocks: { 1: 5, 2: 6 } });
    expect(forkOf(target).of.kind).toBe("endpoints");
    expect(() => parse(file)).toThrow(/ADDRESS is not set/);
  });

  test("is no way around what else is wrong with a file", () => {
    expect(() => parse({ ...ours, addressServer: undefined }, "newest")).toThrow(/addresses: give just one/);
  });
});

describe("a target's fork part", () => {
  const file = { ...ours, fork: { l1Block: 5, l2Block: 6, margin: 3, fraudProofWindow: 60 } };

  test("forks it without the option", () => {
    expect(forkOf(parse(file)).fork).toEqual({
      of: "mine",
      blocks: { 1: 5, 2: 6 },
      margin: 3,
      settings: { l1BlockTime: 1000, l2BlockTime: 250, fraudProofWindow: 60 },
    });
  });

  test("keeps what the option does not say", () => {
    expect(forkOf(parse(file, "newest")).fork).toEqual(forkOf(parse(file)).fork);
    expect(forkOf(parse(file, "8,9")).fork).toMatchObject({
      blocks: { 1: 8, 2: 9 },
      settings: { fraudProofWindow: 60 },
    });
    expect(parse(file, "8,9").name).toBe("mine-fork");
  });

  test("is checked", () => {
    expect(() => parse({ ...ours, fork: { l1block: 5 } })).toThrow(/fork\.l1block/);
    expect(() => parse({ ...ours, fork: { margin: -1 } })).toThrow(/fork\.margin/);
  });
});
