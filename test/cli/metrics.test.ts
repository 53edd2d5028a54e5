import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resultFile } from "../../stress/report/result/schema.ts";
import { openCollector, tracesOf } from "../fakes/collector.ts";
import { type Scraped, scrape, sumOf } from "../fakes/prometheus.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { start, VITEST } from "./command.ts";
import { ownTarget } from "./own-target.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("scenarios of several files, each with a worker of its own, share the port that is printed, and the collector", async () => {
  const collector = await openCollector();
  const env = ownTarget(bed, "measured");
  const otel = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "nightly" };
  const options = ["--target", "measured", "--metrics", "0", "--ops", "20", "--children", "5"];
  const command = start(VITEST, ["run", "stress/payments", "stress/crossings", ...options], {
    ...env,
    ...otel,
  });
  await command.until(/metrics at http/);
  const [, url = ""] = /metrics at (http:\/\/127\.0\.0\.1:\d+\/metrics)/.exec(command.printed()) ?? [];
  let last: Scraped = { series: [], types: new Map() };
  while (command.process.exitCode === null) {
    try {
      last = await scrape(url);
    } catch (error) {
      // Between its last word and its end nobody listens any more.
      if (!(error instanceof TypeError)) throw error;
    }
    await sleep(20);
  }
  expect(await command.exited, command.printed()).toBe(0);
  const logs = env.ROLLUP_STRESS_LOGS;
  const folders = readdirSync(logs).filter((name) => name.startsWith("measured-"));
  expect(folders).toHaveLength(2);
  expect(command.printed()).toContain(`a trace of each crossing goes to ${collector.url}`);
  expect(collector.services).toEqual(new Set(["nightly"]));
  for (const folder of folders) {
    const path = join(logs, folder, "result.json");
    const { conditions, operations } = resultFile.parse(JSON.parse(readFileSync(path, "utf8")));
    expect(conditions.options).toMatchObject({ metrics: "127.0.0.1:0" });
    for (const { code, count } of operations.figures) {
      const labels = { scenario: conditions.scenario, code };
      const ended = sumOf(last, "rollup_stress_operations_ended_total", labels);
      expect(ended, `${conditions.scenario} ${code}`).toBe(count);
      const traced = tracesOf(collector.spans).filter(
        ([root]) => root?.name === code && root.attributes["rollup_stress.scenario"] === conditions.scenario,
      );
      expect(traced.length, `traces of ${code}`).toBe(["FX", "SX", "FO", "SO"].includes(code) ? count : 0);
    }
  }
});
