import { z } from "zod";
import { PROTOCOLS } from "../stress/protocols/index.ts";
import { targetFileOf } from "./schema.ts";

/** The text of `targets/schema.json`: what a target file of any protocol may hold. */
export function jsonSchema(): string {
  const [first, ...others] = PROTOCOLS.map(targetFileOf);
  const schema = others.length === 0 && first !== undefined ? first : z.union(PROTOCOLS.map(targetFileOf));
  return JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2);
}
