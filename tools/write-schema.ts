// `npm run schema`: writes targets/schema.json, by which editors complete and check target files, and the schema of results.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resultSchemaText } from "../stress/report/result/schema.ts";
import { jsonSchema } from "../targets/json-schema.ts";
import { VERBS } from "./options.mjs";
import { ownOptions } from "./read-options.mjs";

ownOptions(VERBS.schema);

const root = join(import.meta.dirname, "..");
writeFileSync(join(root, "targets", "schema.json"), `${jsonSchema()}\n`);
writeFileSync(join(root, "stress", "report", "result", "schema.json"), resultSchemaText());
