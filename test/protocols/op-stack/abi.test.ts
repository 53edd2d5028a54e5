import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Fragment } from "ethers";
import { describe, expect, test } from "vitest";
import { abiOf } from "../../../fixtures/local-stack/op-stack/artifacts.ts";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";

const home = join(import.meta.dirname, "..", "..", "..", "contracts-abi", "op-stack");

/** Contracts of the field's package that our ABIs have to agree with; those of other makers have tests of their own. */
const ORIGINS: Readonly<Partial<Record<keyof typeof ABI, readonly string[]>>> = {
  AnchorStateRegistry: ["AnchorStateRegistry"],
  CrossDomainMessenger: ["L1CrossDomainMessenger", "L2CrossDomainMessenger"],
  DisputeGame: ["FaultDisputeGame"],
  DisputeGameFactory: ["DisputeGameFactory"],
  L2OutputOracle: ["L2OutputOracle"],
  L2ToL1MessagePasser: ["L2ToL1MessagePasser"],
  OptimismMintableERC20: ["OptimismMintableERC20"],
  OptimismPortal: ["OptimismPortal", "OptimismPortal2"],
  ProvenGames: ["OptimismPortal2"],
  ProvenOutputs: ["OptimismPortal"],
  StandardBridge: ["L1StandardBridge", "L2StandardBridge"],
  SystemConfig: ["SystemConfig"],
};

/** What the package's contracts are too old for, or no longer have. From the sources of the versions that have them. */
const BEYOND: readonly string[] = [
  // Registries of 3.x.
  "isGameProper(address)",
  "isGameRespected(address)",
  "isGameFinalized(address)",
  "isGameClaimValid(address)",
  // Games of 2.x, of super roots, and of one rollup that makes its own.
  "l2SequenceNumber()",
  "rootClaimByChainId(uint256)",
  "wasRespectedGameTypeWhenCreated()",
  "expectedResolution()",
  // Portals of 3.0, and of 4.x.
  "checkWithdrawal(bytes32)",
  "provenWithdrawals(bytes32)",
  "anchorStateRegistry()",
  "superRootsActive()",
  "proveWithdrawalTransaction((uint256,address,address,uint256,uint256,bytes),address,uint256,(bytes1,uint64,(uint256,bytes32)[]),(bytes32,bytes32,bytes32,bytes32),bytes[])",
  // Of Isthmus, Jovian, and system configurations of 3.x.
  "getOperatorFee(uint256)",
  "isJovian()",
  "l2ChainId()",
];

/** A function or event with its types, and without the names that compilers leave out; "" for what is neither. */
function typed(fragment: Fragment): string {
  if (Fragment.isFunction(fragment))
    return `${fragment.format("sighash")} -> ${fragment.outputs.map((output) => output.format()).join()}`;
  if (!Fragment.isEvent(fragment)) return "";
  return `${fragment.format("sighash")} ${fragment.inputs.map(({ indexed }) => indexed === true).join()}`;
}

test("each file of contracts-abi is loaded by the engine", () => {
  const files = readdirSync(home).map((file) => basename(file, ".json"));
  expect(files.toSorted()).toEqual(Object.keys(ABI).toSorted());
});

describe.each(Object.entries(ORIGINS))("every part of %s", (name, origins) => {
  test("stands the same in the contracts of the field, or is newer", () => {
    const known = new Set(origins.flatMap((origin) => abiOf(origin).fragments.map(typed)));
    const ours = ABI[name as keyof typeof ABI].fragments.filter(
      (one) => !BEYOND.includes(one.format("sighash")),
    );
    expect(ours.map(typed).filter((one) => !known.has(one))).toEqual([]);
  });
});
