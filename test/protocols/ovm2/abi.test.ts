import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Interface } from "ethers";
import { describe, expect, test } from "vitest";
import { type ArtifactName, artifact } from "../../../fixtures/local-stack/ovm2/artifacts.ts";
import { ABI } from "../../../stress/protocols/ovm2/contracts.ts";

const home = join(import.meta.dirname, "..", "..", "..", "contracts-abi", "ovm2");

/** Contracts of the predecessor's packages that each of our ABIs has to agree with. */
const ORIGINS: Readonly<Record<keyof typeof ABI, readonly ArtifactName[]>> = {
  L1LiquidityPool: ["boba:L1LiquidityPool"],
  L2LiquidityPool: ["boba:L2LiquidityPool"],
  L2BillingContract: ["boba:L2BillingContract"],
  L1StandardBridge: ["core:L1StandardBridge"],
  L2StandardBridge: ["core:L2StandardBridge"],
  CrossDomainMessenger: ["core:L1CrossDomainMessenger", "core:L2CrossDomainMessenger"],
  CanonicalTransactionChain: ["core:CanonicalTransactionChain"],
  StateCommitmentChain: ["core:StateCommitmentChain"],
  ERC20: ["core:L2StandardERC20"],
};

/** A part of an ABI without what compilers add or leave out: the Solidity name of a type, and the order of keys. */
const canonical = (part: unknown): string =>
  JSON.stringify(part, (key, value: unknown) => {
    if (key === "internalType") return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b)));
  });

const ours = (name: string): readonly unknown[] =>
  JSON.parse(readFileSync(join(home, `${name}.json`), "utf8")) as unknown[];

const theirs = (name: ArtifactName): ReadonlySet<string> =>
  new Set((artifact(name).abi as readonly unknown[]).map(canonical));

const NAMES = readdirSync(home).map((file) => basename(file, ".json"));

test("each file of contracts-abi is loaded by the engine, and has an origin", () => {
  expect(NAMES.toSorted()).toEqual(Object.keys(ABI).toSorted());
  expect(NAMES.toSorted()).toEqual(Object.keys(ORIGINS).toSorted());
});

describe.each(Object.entries(ORIGINS))("every part of %s", (name, origins) => {
  test.each(origins)("stands the same in %s", (origin) => {
    const known = theirs(origin);
    expect(ours(name).filter((part) => !known.has(canonical(part)))).toEqual([]);
  });

  test("is there once", () => {
    const parts = ours(name).map(canonical);
    expect(new Set(parts).size).toBe(parts.length);
    expect(() => new Interface(JSON.stringify(ours(name)))).not.toThrow();
  });
});
