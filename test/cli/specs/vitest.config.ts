import { defineConfig } from "vitest/config";
import base from "../../../vitest.config.ts";

const [stress] = base.test?.projects ?? [];
if (typeof stress !== "object" || !("test" in stress))
  throw new Error("wants the project of the stress specs");

/** The stress specs' own project, with specs that misuse it. */
export default defineConfig({
  test: {
    ...base.test,
    projects: [{ test: { ...stress.test, include: ["test/cli/specs/*.spec.ts"] } }],
  },
});
