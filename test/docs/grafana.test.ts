import { describe, expect, test } from "vitest";
import { z } from "zod";
import { CATALOGUE, PREFIX } from "../../stress/report/metrics/catalogue.ts";
import { read, snippetsIn } from "./pages.ts";
import { readPromql } from "./promql.ts";

const datasource = z.object({ type: z.literal("prometheus"), uid: z.literal("${datasource}") });

const place = z.object({ x: z.int(), y: z.int(), w: z.int().positive(), h: z.int().positive() });

const query = z.object({ refId: z.string(), datasource, expr: z.string(), legendFormat: z.string() });

/** As much of Grafana's classic dashboard model as it has: every Grafana imports that one. */
const dashboard = z.object({
  title: z.string(),
  uid: z.string().max(40),
  schemaVersion: z.int(),
  templating: z.object({
    list: z.array(
      z.object({
        name: z.string(),
        type: z.enum(["datasource", "query"]),
        query: z.union([z.string(), z.object({ query: z.string() })]),
      }),
    ),
  }),
  panels: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("row"), id: z.int(), title: z.string(), gridPos: place }),
      z.object({
        type: z.enum(["timeseries", "stat"]),
        id: z.int(),
        title: z.string(),
        gridPos: place,
        datasource,
        targets: z.array(query).min(1),
      }),
    ]),
  ),
});

const board = dashboard.parse(JSON.parse(read("deploy/grafana.json")));

const queries = board.panels.flatMap((panel) =>
  panel.type === "row" ? [] : panel.targets.map((target) => ({ panel: panel.title, ...target })),
);

const variables = board.templating.list.flatMap(({ query }) =>
  typeof query === "string" ? [] : query.query,
);

describe("the dashboard of deploy/grafana.json", () => {
  test.each(queries)("asks for what there is: $panel, $refId", ({ expr, legendFormat }) => {
    const { mistakes, by } = readPromql(expr);
    expect(mistakes).toEqual([]);
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
    expect(new Set(shown)).toEqual(new Set(by.filter((label) => label !== "le")));
  });

  test("offers values of labels that there are", () => {
    expect(variables.length).toBeGreaterThan(1);
    for (const text of variables) {
      const [, selector = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
      expect(readPromql(`sum by (${label}) (${selector})`).mistakes).toEqual([]);
    }
  });

  test("shows every metric", () => {
    const asked = new Set([
      ...queries.flatMap(({ expr }) => readPromql(expr).series),
      ...variables.flatMap((text) => text.match(/rollup_stress_\w+/g) ?? []),
    ]);
    const names = [...asked].map((name) => name.replace(/_seconds_(bucket|sum|count)$/, "_seconds"));
    expect([...new Set(names)].sort()).toEqual(CATALOGUE.map(([name]) => `${PREFIX}${name}`).sort());
  });

  test("knows each variable that it uses", () => {
    const names = [...board.templating.list.map(({ name }) => name), "__rate_interval"];
    const used = [...queries.map(({ expr }) => expr), ...variables].flatMap(
      (text) => text.match(/(?<=\$)\w+/g) ?? [],
    );
    expect(names).toEqual(expect.arrayContaining(used));
  });

  test("has its panels side by side, in a grid of 24 columns", () => {
    const ids = board.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of board.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), title).toBe(false);
          taken.add(`${x},${y}`);
        }
    }
  });
});

describe("what reads PromQL", () => {
  test.each([
    ["sum(rollup_stress_no_such_metric)", ["there is no metric rollup_stress_no_such_metric"]],
    ['rollup_stress_children{code="FX"}', ["rollup_stress_children has no label code"]],
    ["sum by (code) (rollup_stress_children)", ["nothing of it has a label code"]],
    ["rollup_stress_children_bucket", ["there is no metric rollup_stress_children_bucket"]],
    ["vector(0)", ["it asks for nothing"]],
    [
      "rollup_stress_operation_phase_seconds_bucket",
      ["rollup_stress_operation_phase_seconds_bucket is asked for without a span"],
    ],
    ['sum by (state) (rollup_stress_children{state=~"busy|idle", target!="a{b"}) > 0', []],
  ])("finds what is wrong with %s", (expression, mistakes) => {
    expect(readPromql(expression).mistakes).toEqual(mistakes);
  });

  test.each(snippetsIn("promql").flatMap(({ text }) => text.trim().split("\n")))(
    "finds nothing wrong with a page's %s",
    (expression) => {
      expect(readPromql(expression).mistakes).toEqual([]);
    },
  );
});
