import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../fixtures/local-stack/checkout.ts";
import { compiledContract } from "../fixtures/local-stack/compiled-contract.ts";

/** Compiles the contracts of a fresh clone once: the stacks of the first tests would all do so by themselves, at one time. */
export default async function compileContracts(): Promise<void> {
  for (const file of readdirSync(join(root, "contracts")).filter((name) => name.endsWith(".sol")))
    await compiledContract(basename(file, ".sol"));
}
