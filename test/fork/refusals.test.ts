import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveAddresses } from "../../fixtures/target/addresses.ts";
import { lacking } from "../../fixtures/local-stack/fork/lacking.ts";
import { localStacks } from "../../fixtures/local-stack/index.ts";
import { openStack } from "../../fixtures/stack/stack.ts";
import type { Chain } from "../../stress/engine/base/chain.ts";
import { StressError } from "../../stress/engine/base/errors.ts";
import { parseTarget } from "../../targets/load.ts";
import { ovm2 } from "../../stress/protocols/ovm2/index.ts";
import { openNode } from "../fakes/json-rpc-server.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { openEndpoint, pruned } from "./endpoint.ts";
import { deployed, forkedTarget, targetFile } from "./forking.ts";

let live: TestBed;

beforeAll(async () => {
  live = await openTestBed();
  await deployed(live);
});

afterAll(() => live.close());

/** What keeps a fork from being opened. */
async function refusal(option: string, changes: Record<string, unknown> = {}): Promise<StressError> {
  try {
    const stack = await openStack(forkedTarget(live, option, changes));
    await stack.close();
  } catch (error) {
    if (error instanceof StressError) return error;
    throw error;
  }
  throw new Error("the fork was opened");
}

const at = (endpoint: string | readonly string[], chainId = 31_337): object => ({
  l1: { endpoint, chainId },
});

describe("a fork is refused", () => {
  test("where the endpoint has pruned the state of the pinned block", async () => {
    const { url } = await openEndpoint(live.spawned.description.l1, pruned);
    const { code, message, hint } = await refusal("2,2", { ...at(url) });
    expect(code).toBe("FORK_FAILED");
    expect(message).toBe(
      `L1 cannot be forked: the L1 endpoint ${url} cannot serve contract code in the state of block 2 ` +
        "(missing trie node 7f1c5a (path ) state 0x7f1c5a is not available, not found)",
    );
    expect(hint).toContain("archive node");
  });

  test("where the endpoint has pruned the block itself", async () => {
    const { url } = await openEndpoint(live.spawned.description.l1, ({ method }) =>
      method === "eth_getBlockByNumber" ? { result: null } : undefined,
    );
    const { code, message } = await refusal("2,2", { ...at(url) });
    expect(code).toBe("FORK_FAILED");
    expect(message).toContain(`the L1 endpoint ${url} does not have block 2 any more`);
  });

  test("where the block is not there yet", async () => {
    const { code, message } = await refusal("999999,2");
    expect(code).toBe("FORK_FAILED");
    expect(message).toMatch(/the L1 endpoint http:\/\/[\d.:]+ has no block 999999: its newest is \d+$/);
  });

  test("where the contracts were deployed later, by name", async () => {
    const { code, message } = await refusal("0,0");
    expect(code).toBe("FORK_FAILED");
    expect(message).toMatch(/has no contract in block 0 at Proxy__L1LiquidityPool \(0x\w{40}\), /);
  });

  test("where the endpoint limits its clients' requests", async () => {
    const node = await openNode({
      http: (_, response) => response.writeHead(429, { "retry-after": "0" }).end("Too Many Requests"),
    });
    const { code, message } = await refusal("2,2", { ...at(node.url) });
    expect(code).toBe("FORK_FAILED");
    expect(message).toContain(
      `the L1 endpoint ${node.url} limits its clients' requests (HTTP status 429): a fork asks hundreds of them`,
    );
  });

  test("where the endpoint is of another chain", async () => {
    const { code, message } = await refusal("2,2", { ...at(live.spawned.description.l1, 5) });
    expect(code).toBe("WRONG_CHAIN_ID");
    expect(message).toMatch(/the L1 endpoint http:\S+ is of chain 31337, but the target says 5/);
  });

  test("where all endpoints are WebSockets", async () => {
    const { code, message } = await refusal("2,2", {
      ...at(live.spawned.description.l1.replace("http", "ws")),
    });
    expect(code).toBe("FORK_FAILED");
    expect(message).toMatch(/the L1 endpoint ws:\S+ is a WebSocket, and Hardhat forks over HTTP only/);
  });
});

test("a fork whose endpoint fails later tells which one, and what it lacks", async () => {
  const { l1, l2, addresses } = live.spawned.description;
  let isPruned = false;
  const { url } = await openEndpoint(l1, (call) => (isPruned ? pruned(call) : undefined));
  const contracts = await resolveAddresses({ from: "server", url: addresses }, ovm2);
  const pin = async (chain: Chain) => ({
    block: await live.providers[chain].getBlockNumber(),
    hash: "0x",
    hasBlobGas: true,
    isHolocene: true,
  });
  const chains = {
    1: { url, chainId: 31_337, ...(await pin(1)) },
    2: { url: l2, chainId: 31_338, ...(await pin(2)) },
  };
  expect(await lacking(localStacks.ovm2.fork, { chains, addresses: contracts })).toEqual([]);
  isPruned = true;
  expect(await lacking(localStacks.ovm2.fork, { chains, addresses: contracts })).toEqual([
    expect.stringMatching(
      `^the L1 endpoint ${url} cannot serve contract code in the state of block ${chains[1].block} `,
    ),
  ]);
});

test("an endpoint that cannot serve a fork is passed over for the next one", async () => {
  const { url } = await openEndpoint(live.spawned.description.l1, pruned);
  const target = forkedTarget(live, "newest", {
    ...at([url, live.spawned.description.l1]),
    // Several seconds of L1's blocks: L2 has younger ones.
    fork: { margin: 12 },
  });
  const stack = await openStack(target);
  try {
    expect(stack.fork?.l1Block).toBeGreaterThan(0);
    const [l1, l2] = await Promise.all([
      live.providers[1].getBlock(stack.fork?.l1Block ?? -1),
      live.providers[2].getBlock((stack.fork?.l2Block ?? -1) + 1),
    ]);
    // L2's pin is the newest block that is not younger than L1's: the one behind it is.
    expect(l2?.timestamp).toBeGreaterThan(l1?.timestamp ?? Number.POSITIVE_INFINITY);
  } finally {
    await stack.close();
  }
});

test("a target with the secret of its funder missing loads as a fork, and not otherwise", () => {
  const text = JSON.stringify(targetFile(live));
  const target = parseTarget(text, "live.json", {}, "newest");
  expect(target.name).toBe("live-fork");
  expect(target.allowMainnet).toBe(true);
  expect(() => parseTarget(text, "live.json", {})).toThrow(/FUNDER_KEY is not set/);
});
