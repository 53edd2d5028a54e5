import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BlockService } from "../../fixtures/local-stack/block-producer.ts";
import { localStacks } from "../../fixtures/local-stack/index.ts";
import type { ProtocolStack, StackServices } from "../../fixtures/local-stack/protocol-stack.ts";
import { blockTimes } from "../../fixtures/local-stack/settings.ts";
import { type RunningStack, startStack } from "../../fixtures/local-stack/start.ts";
import { until } from "./faults/until.ts";

const root = join(import.meta.dirname, "..", "..");

test("a protocol's stack is registered under its name, and has its options in the settings", () => {
  for (const [name, twin] of Object.entries<ProtocolStack>(localStacks)) {
    expect(twin.name).toBe(name);
    const settings = twin.settings.parse({});
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(blockTimes.shape)));
    for (const { flag, setting } of twin.flags) expect(settings, flag).toHaveProperty(setting);
  }
});

test("nothing but the registry knows a protocol", () => {
  const folders = Object.keys(localStacks);
  const files = globSync("fixtures/local-stack/**/*.ts", { cwd: root })
    .filter((path) => !folders.some((folder) => path.startsWith(`fixtures/local-stack/${folder}/`)))
    .filter((path) => path !== "fixtures/local-stack/index.ts");
  expect(files.length).toBeGreaterThan(20);
  for (const path of files) {
    const imported = [...readFileSync(join(root, path), "utf8").matchAll(/"(\.[^"]+)"/g)].map(([, to]) => to);
    for (const folder of ["protocols", ...folders]) {
      expect(
        imported.filter((to) => to?.includes(`/${folder}/`)),
        path,
      ).toEqual([]);
    }
  }
});

/** A protocol without contracts: its one service counts blocks, and its front answers one method itself. */
function bareTwin(service: BlockService): ProtocolStack {
  const services: StackServices = {
    around: { 1: [], 2: [service] },
    front: (chain, ask) => async (method, params) =>
      method === "bare_chain" ? `chain ${chain} was asked ${String(params[0])}` : ask(method, params),
  };
  const { settings } = localStacks.ovm2;
  return {
    ...localStacks.ovm2,
    settings,
    load: async () => ({
      feeRecipients: {},
      deploy: async () => ({
        pages: { "/bare.json": { bare: true } },
        faults: { relays: [], prepare: async () => undefined, begin: () => ({ 1: [], 2: [] }) },
        services: async () => services,
      }),
      takeOver: () => Promise.reject(new Error("a bare protocol cannot be forked")),
    }),
  };
}

describe("a protocol that is nothing but a service and a front", () => {
  let stack: RunningStack;
  const blocks: number[] = [];
  let befores = 0;

  beforeAll(async () => {
    const twin = bareTwin({
      name: "sequencer",
      beforeBlock: async () => void befores++,
      afterBlock: async (block) => void blocks.push(block),
    });
    const settings = twin.settings.parse({ l1BlockTime: 50, l2BlockTime: 50 });
    stack = await startStack(twin, settings, { l1: 0, l2: 0, addresses: 0 }, (error) => {
      throw error;
    });
  });

  afterAll(() => stack.stop());

  const faults = (init?: RequestInit) => fetch(`${stack.description.addresses}/faults`, init);

  test("has its service called around each block", async () => {
    await until("five blocks", async () => (blocks.length >= 5 ? true : undefined));
    expect(blocks.slice(0, 3)).toEqual([1, 2, 3]);
    expect(befores).toBeGreaterThanOrEqual(5);
  });

  test("has its pages served", async () => {
    expect(stack.pages).toEqual(["/bare.json"]);
    const page = await fetch(`${stack.description.addresses}/bare.json`);
    expect(await page.json()).toEqual({ bare: true });
  });

  test("stands between a chain and its clients", async () => {
    const ask = async (method: string, ...params: string[]): Promise<unknown> => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      return (await fetch(stack.description.l2, { method: "POST", body })).json();
    };
    expect(await ask("bare_chain", "this")).toMatchObject({ result: "chain 2 was asked this" });
    expect(await ask("eth_chainId")).toMatchObject({ result: "0x7a6a" });
  });

  test("takes the faults of any chain: a stopped service, a reorganisation", async () => {
    const plan = {
      faults: [
        { fault: "stop service", service: "sequencer" },
        { fault: "reorganisation", chain: 2, depth: 2 },
      ],
    };
    expect((await faults({ method: "POST", body: JSON.stringify(plan) })).status).toBe(200);
    const kinds = await until("reorganisation", async () => {
      const records = (await (await faults()).json()) as { fault: string }[];
      return records.length === 2 ? records.map(({ fault }) => fault) : undefined;
    });
    expect(kinds).toEqual(["stop service", "reorganisation"]);
    const stopped = befores;
    const block = blocks.length;
    await until("two more blocks", async () => (blocks.length >= block + 2 ? true : undefined));
    expect(befores).toBe(stopped);
    expect((await faults({ method: "DELETE" })).status).toBe(200);
    await until("its work again", async () => (befores > stopped ? true : undefined));
  });
});
