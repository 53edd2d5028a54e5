import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Nonces } from "../../../stress/engine/transactions/nonces.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { runs } from "../../fakes/property.ts";

const ACCOUNT = addressOf(1);
const OTHER = addressOf(2);

const opened = (next = 0): Nonces => {
  const nonces = new Nonces();
  nonces.open(ACCOUNT, 1, next);
  return nonces;
};

const take = (nonces: Nonces, count: number): number[] =>
  Array.from({ length: count }, () => nonces.take(ACCOUNT, 1));

describe("nonces of an account", () => {
  test("begin with its transaction count and have no gaps", () => {
    expect(take(opened(7), 3)).toEqual([7, 8, 9]);
  });

  test("are its own on each chain", () => {
    const nonces = opened(7);
    nonces.open(ACCOUNT, 2, 100);
    expect([nonces.take(ACCOUNT, 1), nonces.take(ACCOUNT, 2), nonces.take(ACCOUNT, 1)]).toEqual([7, 100, 8]);
  });

  test("are not another account's", () => {
    const nonces = opened(7);
    nonces.open(OTHER, 1, 0);
    expect([nonces.take(OTHER, 1), nonces.take(ACCOUNT, 1)]).toEqual([0, 7]);
  });

  test("that was never opened are refused", () => {
    expect(() => opened().take(OTHER, 1)).toThrow(`the nonce of ${OTHER} on chain 1 was never opened`);
  });
});

describe("a nonce given back", () => {
  test("is the next one", () => {
    const nonces = opened();
    take(nonces, 3);
    nonces.release(ACCOUNT, 1, 2);
    expect(take(nonces, 2)).toEqual([2, 3]);
  });

  test("comes before those that were never given out", () => {
    const nonces = opened();
    take(nonces, 3);
    nonces.release(ACCOUNT, 1, 0);
    expect(take(nonces, 2)).toEqual([0, 3]);
  });

  test("comes before higher ones, however they were given back", () => {
    const nonces = opened();
    take(nonces, 5);
    for (const nonce of [3, 0, 4, 1]) nonces.release(ACCOUNT, 1, nonce);
    expect(take(nonces, 5)).toEqual([0, 1, 3, 4, 5]);
  });
});

describe("a gap", () => {
  test("is where a nonce was given back that later ones wait for", () => {
    const nonces = opened();
    take(nonces, 3);
    nonces.release(ACCOUNT, 1, 2);
    expect(nonces.hasGap(ACCOUNT, 1)).toBe(false);
    nonces.release(ACCOUNT, 1, 0);
    expect(nonces.hasGap(ACCOUNT, 1)).toBe(true);
    take(nonces, 1);
    expect(nonces.hasGap(ACCOUNT, 1)).toBe(false);
  });

  test("is forgotten where the account is opened anew", () => {
    const nonces = opened();
    take(nonces, 3);
    nonces.release(ACCOUNT, 1, 0);
    nonces.open(ACCOUNT, 1, 9);
    expect(take(nonces, 2)).toEqual([9, 10]);
  });
});

test("the lowest free nonce is given out, never one that is in use, whatever happens", () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.array(fc.option(fc.nat(), { freq: 2 }), { maxLength: 60 }),
      (first, steps) => {
        const nonces = opened(first);
        const inUse = new Set<number>();
        for (const step of steps) {
          // A number gives back one of those in use, nothing takes another one.
          if (step !== null && inUse.size > 0) {
            const nonce = [...inUse][step % inUse.size] ?? 0;
            inUse.delete(nonce);
            nonces.release(ACCOUNT, 1, nonce);
            continue;
          }
          let lowest = first;
          while (inUse.has(lowest)) lowest++;
          expect(nonces.take(ACCOUNT, 1)).toBe(lowest);
          inUse.add(lowest);
        }
      },
    ),
    runs(500),
  );
});
