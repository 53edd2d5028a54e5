import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../fixtures/local-stack/checkout.ts";
import { compiledContract, compiledFolder } from "../fixtures/local-stack/compiled-contract.ts";

/** Compiles the contracts of a fresh clone once: the stacks of the first tests would all do so by themselves, at one time. */
export default async function compileContracts(): Promise<void> {
  for (const entry of readdirSync(join(root, "contracts"), { withFileTypes: true })) {
    if (entry.isDirectory()) await compiledFolder(entry.name);
    else await compiledContract(basename(entry.name, ".sol"));
  }
}
