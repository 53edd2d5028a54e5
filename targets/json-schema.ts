import { z } from "zod";
import { targetFile } from "./schema.ts";

/** The text of `targets/schema.json`. */
export const jsonSchema = (): string => JSON.stringify(z.toJSONSchema(targetFile, { io: "input" }), null, 2);
