import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { account } from "../local-stack/ovm2/bridge.ts";
import { run, VITEST } from "./command.ts";

const KEY = "8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba";
const FUNDER = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc";

let bed: TestBed;
let targets: string;
let logs: string;

beforeAll(async () => {
  bed = await openTestBed();
  targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  logs = mkdtempSync(join(tmpdir(), "rollup-logs-"));
});

afterAll(() => bed.close());

/** How many targets were written so far. */
let written = 0;

/**
 * A predecessor's target file that points at the test bed, with changes. Each has a funder of its own: two runs at once with
 * one funder on one chain would be refused for that.
 */
function predecessor(changes: Record<string, unknown>): string {
  const { l1, l2, addresses } = bed.spawned.description;
  const { address, privateKey } = account(6 + (written++ % 14));
  return JSON.stringify({
    name: "t",
    endpoints: [l1, l2],
    L1_geth_PoA: true,
    confirmations: [1, 0],
    op_pct: [
      [5, 20, 20, 0, 0],
      [5, 20, 20, 0, 0],
    ],
    op_delay: 0,
    gas_mult: [1.5, 1],
    funder_acct: [address, privateKey.slice(2)],
    max_fund_eth: 100,
    address_server: addresses,
    ...changes,
  });
}

async function refusal(text: string, ...args: string[]): Promise<string> {
  const name = `t${Math.abs(text.length * 31 + args.length)}-${readdirSync(targets).length}`;
  writeFileSync(join(targets, `${name}.json`), text);
  // A missing variable is looked for in the keystore of the user's home.
  const home = { HOME: logs, XDG_CONFIG_HOME: join(logs, ".config") };
  const env = { ROLLUP_STRESS_TARGETS: targets, ROLLUP_STRESS_LOGS: logs, ...home };
  const { code, printed } = await run(VITEST, ["run", "stress/payments", "--target", name, ...args], env);
  expect(code, printed).toBe(2);
  expect(printed).not.toMatch(/^\s+at .*\.(ts|js|mjs):\d+/m);
  for (const [key] of text.matchAll(/[0-9a-f]{64}/g)) expect(printed).not.toContain(key);
  return printed;
}

describe("a target that cannot be used is refused with exit code 2, one message and no stack trace", () => {
  test.concurrent("malformed JSON", async () => {
    expect(await refusal('{"name": "t",')).toMatch(/not JSON: look at line 1, column/);
  });

  test.concurrent("an unknown key", async () => {
    expect(await refusal(predecessor({ op_dely: 1 }))).toContain(
      "op_dely: unknown key; did you mean op_delay?",
    );
  });

  test.concurrent("a key of another address", async () => {
    const other = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    expect(await refusal(predecessor({ funder_acct: [other, KEY] }))).toContain(
      `belongs to ${FUNDER}, not to ${other}`,
    );
  });

  test.concurrent("a missing environment variable", async () => {
    expect(await refusal(predecessor({ address_server: "${NOT_SET_ANYWHERE}" }))).toContain(
      "NOT_SET_ANYWHERE is not set",
    );
  });

  test.concurrent("an endpoint that nobody serves", async () => {
    const endpoints = ["http://127.0.0.1:1", bed.spawned.description.l2];
    expect(await refusal(predecessor({ endpoints }))).toContain(
      "the L1 endpoint http://127.0.0.1:1 does not answer",
    );
  });

  test.concurrent("a wrong chain id", async () => {
    const { l1, l2, addresses } = bed.spawned.description;
    const text = JSON.stringify({
      name: "t",
      l1: { endpoint: l1, chainId: 5 },
      l2: { endpoint: l2 },
      // Not the other tests': at the same time one of them may have that target locked.
      funder: { key: "22".repeat(32) },
      addressServer: addresses,
    });
    expect(await refusal(text)).toContain("is chain 31337, but target t says 5");
  });

  test.concurrent("Ethereum mainnet", async () => {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (data) => (body += String(data)));
      request.on("end", () => {
        const calls = [JSON.parse(body)].flat() as { id: number }[];
        response.end(JSON.stringify(calls.map(({ id }) => ({ jsonrpc: "2.0", id, result: "0x1" }))));
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const endpoints = [`http://127.0.0.1:${port}`, bed.spawned.description.l2];
    expect(await refusal(predecessor({ endpoints }))).toContain("is Ethereum mainnet");
    server.close();
  });

  test.concurrent("contracts of another network", async () => {
    const { l2, addresses } = bed.spawned.description;
    expect(await refusal(predecessor({ endpoints: [l2, l2], address_server: addresses }))).toContain(
      "no contract on L1 at",
    );
  });

  test.concurrent("more children than the target allows money for", async () => {
    expect(await refusal(predecessor({}), "--children", "401")).toContain(
      "401 children need at least 100.250000 ETH",
    );
  });

  test.concurrent("a funder without enough money", async () => {
    const poor = `0x${"11".repeat(32)}`;
    const funder = ["0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A", poor];
    expect(await refusal(predecessor({ funder_acct: funder }))).toMatch(
      /the funder 0x19E7\w+ has 0\.000000 ETH/,
    );
  });
});
