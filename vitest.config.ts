import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { FRUGAL_MEMORY } from "./tools/frugal-memory.mjs";

const HOUR_MS = 3_600_000;

/** Tests that take minutes, by themselves or as each of them starts whole processes: `npm run test:faults`. */
const LONG = [
  "test/bench/bench.test.ts",
  "test/faults/**/*.test.ts",
  "test/local-stack/**/faults/**/*.test.ts",
  "test/cli/bad-targets.test.ts",
  "test/cli/documented-scenarios.test.ts",
  "test/cli/endpoints.test.ts",
  "test/cli/host.test.ts",
  "test/cli/keystore.test.ts",
  "test/cli/live-view.test.ts",
  "test/cli/metrics.test.ts",
  "test/cli/one-at-a-time.test.ts",
  "test/cli/recovery.test.ts",
  "test/cli/secrets.test.ts",
  "test/cli/signals.test.ts",
  "test/fork/cache.test.ts",
  "test/fork/command-line.test.ts",
  "test/fork/legacy.test.ts",
  "test/fork/op-stack-generations.test.ts",
  "test/protocols/op-stack/disbursements.test.ts",
  "test/protocols/op-stack/there-and-back.test.ts",
  "test/protocols/op-stack/token-recovery.test.ts",
];

/** What a test waits for takes a moment; busy machines take this long at most. */
const PATIENCE_MS = 60_000;

/** The tests' own processes load the same modules again and again: Node keeps here what it compiled, for them alone. */
const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), "rollup-stress-compiled") };

/** Those that wait for blocks and processes, and the simulation, begin first: alone at the end they would leave a core idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) =>
      /\/test\/(run|fork|cli|local-stack|simulation)\//.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Of the reporters that the command line names, those that print for programs do so on standard output: `> file` has it. */
const isReporterNamed = process.argv.some((word) => /^--reporters?(=|$)/.test(word));

export default defineConfig({
  test: {
    // vitest takes no more than their options from here where the command line names reporters.
    ...(isReporterNamed ? { reporters: [["json", { stdout: true }]] } : {}),
    // Reports of runs, attached to their tests.
    attachmentsDir: join(process.env["ROLLUP_STRESS_LOGS"] ?? "logs", "attachments"),
    sequence: { sequencer: LongestFirst },
    // A stress suite that retries hides what it exists to find.
    retry: 0,
    // Refunds outlive the tests: vitest must wait for them.
    teardownTimeout: HOUR_MS,
    projects: [
      {
        test: {
          name: "stress",
          include: ["stress/**/*.spec.ts"],
          globalSetup: "tools/global-setup.ts",
          pool: "forks",
          execArgv: [...FRUGAL_MEMORY, "--import", new URL("tools/worker-signals.mjs", import.meta.url).href],
          // A scenario ends by its own rules; a time limit of vitest's would skip its refunds.
          testTimeout: 0,
          hookTimeout: 0,
          // Scenarios share one funder, and one machine.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          disableConsoleIntercept: true,
          retry: 0,
        },
      },
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          globalSetup: "test/compile-contracts.ts",
          exclude: LONG,
          pool: "forks",
          // Loading the modules anew for each file took longer than running it.
          isolate: false,
          // Most of their time the tests wait for blocks: five at once even where there are two cores.
          maxWorkers: 5,
          env: COMPILED,
          expect: { poll: { timeout: PATIENCE_MS } },
          // No test is about how long it takes: this only ends those that hang, on busy machines as well.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          retry: 0,
        },
      },
      {
        test: {
          name: "faults",
          include: LONG,
          globalSetup: "test/compile-contracts.ts",
          pool: "forks",
          maxWorkers: 2,
          env: COMPILED,
          expect: { poll: { timeout: PATIENCE_MS } },
          testTimeout: 600_000,
          hookTimeout: 300_000,
          retry: 0,
        },
      },
    ],
  },
});
