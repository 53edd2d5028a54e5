// `npm run known-chains`: writes stress/protocols/op-stack/known-chains.json from the chains that viem knows.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { knownChains } from "./known-chains.ts";
import { VERBS } from "./options.mjs";
import { ownOptions } from "./read-options.mjs";

ownOptions(VERBS["known-chains"]);

const file = join(import.meta.dirname, "..", "stress", "protocols", "op-stack", "known-chains.json");
writeFileSync(file, `${JSON.stringify(knownChains(), undefined, 2)}\n`);
