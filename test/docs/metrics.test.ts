import { expect, test } from "vitest";
import { CATALOGUE, PREFIX, RUN_LABELS } from "../../stress/report/metrics/catalogue.ts";
import { page } from "./pages.ts";

const { text } = page("docs/metrics.md");

test("docs/metrics.md tells of each metric, with its type, labels and meaning, and of no other", () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\w+) \| (.+?) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(
    CATALOGUE.map(([name, { type, labels, help }]) => [
      `${PREFIX}${name}`,
      type,
      labels.map((label) => `\`${label}\``).join(" ") || "–",
      help,
    ]),
  );
  for (const label of RUN_LABELS) expect(text).toContain(`\`${label}\``);
});

test.each(CATALOGUE)("%s is named as Prometheus' conventions have it", (name, { type, labels }) => {
  expect(`${PREFIX}${name}`).toMatch(/^[a-z][a-z_]*[a-z]$/);
  expect(name.endsWith("_total")).toBe(type === "counter");
  expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|gwei|percent)(_|$)/);
  for (const label of labels)
    expect([...RUN_LABELS, "le", "quantile", "job", "instance"]).not.toContain(label);
});
