// `npm run schema`: writes targets/schema.json, by which editors complete and check target files.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchema } from "../targets/json-schema.ts";

writeFileSync(join(import.meta.dirname, "..", "targets", "schema.json"), `${jsonSchema()}\n`);
