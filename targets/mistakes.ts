import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { StressError } from "../stress/engine/base/index.ts";

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Keys the schema knows at a place, so that a wrong one can be told the nearest right one. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: JsonSchema | undefined = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  for (const part of path) at = at?.properties?.[String(part)];
  return Object.keys(at?.properties ?? {});
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part)}`))
    .join("");

/** Where keys are codes of operations. */
const OF_OPERATIONS = /^shares\.l[12]$/;

/** One line for each mistake zod found, none of them with a value from the file: that might be a key. */
export function mistakesOf(error: z.ZodError, schema: z.ZodType): string[] {
  return error.issues.flatMap((issue) => {
    const place = placeOf(issue.path);
    if (issue.code !== "unrecognized_keys") return [`${place || "the file"}: ${issue.message}`];
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      // Two letters are near to any others: what there is says more.
      if (OF_OPERATIONS.test(place))
        return `${place}.${key}: no such operation; there are ${known.join(", ")}`;
      const nearest = known.length > 0 ? `; did you mean ${closest(key, known)}?` : "";
      return `${place === "" ? key : `${place}.${key}`}: unknown key${nearest}`;
    });
  });
}

/** The error that tells every mistake of a target file. */
export const invalid = (path: string, mistakes: readonly string[]): StressError =>
  new StressError(
    "TARGET_INVALID",
    `${path} cannot be used:\n${mistakes.map((mistake) => `  - ${mistake}`).join("\n")}`,
    "targets/schema.json and the README's chapter on targets tell what belongs there",
  );
