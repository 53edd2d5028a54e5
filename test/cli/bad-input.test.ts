import { mkdtempSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wallet } from "ethers";
import { describe, expect, test } from "vitest";
import { run, VITEST } from "./command.ts";

/** Nobody else's, in no other test at the same time: its lock would be in the way. */
const FUNDER = Wallet.createRandom();

/** A predecessor's target file at whose endpoints nobody listens. */
const SILENT = {
  name: "mine",
  endpoints: ["http://127.0.0.1:1", "http://127.0.0.1:2"],
  L1_geth_PoA: true,
  confirmations: [1, 0],
  op_pct: [
    [5, 20, 20, 0, 0],
    [5, 20, 20, 0, 0],
  ],
  op_delay: 0,
  gas_mult: [1.5, 1],
  funder_acct: [FUNDER.address, FUNDER.privateKey],
  max_fund_eth: 100,
  address_server: "http://127.0.0.1:3",
};

/** What a run on this target prints where the folder of targets has just these files; it has to refuse it. */
async function refusal(target: string, files: Record<string, string>): Promise<string> {
  const targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(targets, name), text);
  const logs = mkdtempSync(join(tmpdir(), "rollup-logs-"));
  const env = { ROLLUP_STRESS_TARGETS: targets, ROLLUP_STRESS_LOGS: logs };
  const { code, printed } = await run(VITEST, ["run", "stress/payments", "--target", target], env);
  expect(code, printed).toBe(2);
  expect(printed).not.toMatch(/^\s+at .*\.(ts|js|mjs):\d+/m);
  expect(printed).not.toContain(FUNDER.privateKey.slice(2));
  return printed;
}

describe("a target that cannot be used is refused with exit code 2, one message and no stack trace", () => {
  test.concurrent("as there is none of that name: those that are there are named", async () => {
    const printed = await refusal("locl", { "local.json": "{}", "ci.json": "{}" });
    expect(printed).toContain("known targets: ci, local. Did you mean local?");
  });

  test.concurrent("as its file is wrong", async () => {
    const printed = await refusal("mine", { "mine.json": JSON.stringify({ ...SILENT, op_dely: 1 }) });
    expect(printed).toContain("op_dely: unknown key; did you mean op_delay?");
  });

  test.concurrent("as nobody serves its endpoint", async () => {
    const printed = await refusal("mine", { "mine.json": JSON.stringify(SILENT) });
    expect(printed).toContain("the L1 endpoint http://127.0.0.1:1 does not answer");
  });
});

describe("options", () => {
  test.concurrent("that are mistyped name the right one, exit code 2", async () => {
    const { code, printed } = await run(VITEST, ["run", "stress", "--childen", "3"]);
    expect(code).toBe(2);
    expect(printed).toContain("unknown option --childen; did you mean --children?");
  });

  test.concurrent("that neither we nor vitest know are refused, exit code 2", async () => {
    const { code, printed } = await run(VITEST, ["run", "stress", "--bogus-thing"]);
    expect(code).toBe(2);
    expect(printed).toContain("Unknown option");
    expect(printed).not.toMatch(/^\s+at /m);
  });

  test.concurrent("with an operation that the target does not have name those that it has, exit code 2", async () => {
    const { code, printed } = await run(VITEST, ["run", "stress", "--search", "p95(FY.finished)<10s"]);
    expect(code).toBe(2);
    expect(printed).toContain("p95(FY.finished)<10s: no operation FY; allowed: AL, RL");
  });

  test.concurrent("with a wrong value say what is wanted, exit code 2", async () => {
    const { code, printed } = await run(VITEST, ["run", "stress", "--duration", "5y"]);
    expect(code).toBe(2);
    expect(printed).toContain("--duration wants a time such as 90s, 10m, 2h or forever, not '5y'");
  });

  test.concurrent("of OpenTelemetry's environment that cannot be followed are refused, exit code 2", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "127.0.0.1:4318" };
    const { code, printed } = await run(VITEST, ["run", "stress/payments"], env);
    expect(code, printed).toBe(2);
    expect(printed).toContain("OTEL_EXPORTER_OTLP_ENDPOINT is no URL that begins with http:// or https://");
    expect(printed).not.toMatch(/^\s+at /m);
  });

  test.concurrent("with a port that another program has say which, exit code 2", async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
    const { port } = other.address() as AddressInfo;
    const { code, printed } = await run(VITEST, ["run", "stress/payments", "--metrics", String(port)]);
    other.close();
    expect(code, printed).toBe(2);
    expect(printed).toContain(`metrics cannot be served at 127.0.0.1:${port}: another program has the port`);
    expect(printed).not.toMatch(/^\s+at /m);
  });

  test.concurrent.each([
    [
      "local-stack",
      "--exit-fees=3",
      "unknown option --exit-fees; did you mean --exit-fee?",
      "--l1-block-time <time>",
    ],
    [
      "local-stack",
      "--exit-fee=few",
      "--exit-fee wants a whole number from 0 up, not 'few'",
      "--exit-fee <n>",
    ],
    ["recover", "--wiat=3m", "unknown option --wiat; did you mean --wait?", "--wait <time>"],
    ["recover", "--seed=3", "--seed and --children belong together", "--children <n>"],
  ])("of %s are refused with what is allowed: %s", async (verb, option, message, row) => {
    const { code, printed } = await run(process.execPath, [`tools/${verb}.ts`, option]);
    expect(code, printed).toBe(2);
    expect(printed).toMatch(new RegExp(`^${verb}: `));
    expect(printed).toContain(message);
    expect(printed).toContain(`  ${row} `);
    expect(printed).not.toMatch(/^\s+at /m);
  });

  test.concurrent.each(["local-stack", "recover"])("of %s stand in its --help", async (verb) => {
    const { code, printed } = await run(process.execPath, [`tools/${verb}.ts`, "--help"]);
    expect(code).toBe(0);
    expect(printed).toMatch(new RegExp(`^npm run ${verb} -- `));
  });

  test.concurrent("stand in --help before vitest's own", async () => {
    const { code, printed } = await run(VITEST, ["run", "stress", "--help"]);
    expect(code).toBe(0);
    for (const option of ["--target", "--children", "--duration", "--ops", "--seed", "--reporter"]) {
      expect(printed).toContain(option);
    }
  });
});
