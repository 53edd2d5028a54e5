import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Interface } from "ethers";
import { expect, test } from "vitest";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";

const require = createRequire(import.meta.url);

const path = "@bobanetwork/contracts/artifacts/contracts/Teleportation.sol/Teleportation.json";

test("every part of the fast bridge's ABI stands the same in the Boba network's contract", () => {
  const { abi } = JSON.parse(readFileSync(require.resolve(path), "utf8")) as { abi: [] };
  const theirs = new Interface(abi).format();
  expect(ABI.Teleportation.format().filter((part) => !theirs.includes(part))).toEqual([]);
});
