import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Job } from "kubernetes-models/batch/v1/Job";
import { expect, test } from "vitest";
import { parse } from "yaml";

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, "..", "..", "deploy", name), "utf8");

test("the Kubernetes job is one by Kubernetes' own schema, and has as many shards as it says", () => {
  const job = new Job(parse(read("job.yaml")) as ConstructorParameters<typeof Job>[0]);
  expect(() => job.validate()).not.toThrow();
  const [container] = job.spec?.template.spec?.containers ?? [];
  const { completions } = job.spec ?? {};
  expect(completions).toBe(4);
  expect(container?.args?.join(" ")).toContain(`--shard $((JOB_COMPLETION_INDEX + 1))/${completions}`);
});

test("the image copies what there is", () => {
  expect(read("Dockerfile")).toMatch(/^ENTRYPOINT \["node", "tools\/vitest-cli\.mjs", "run"\]$/m);
});
