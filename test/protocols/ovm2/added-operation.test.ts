import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { genesisOf } from "../../../fixtures/recovery/genesis.ts";
import { openBooks } from "../../../fixtures/recovery/journal.ts";
import { originsOf } from "../../../fixtures/recovery/origins.ts";
import { rebuildBooks } from "../../../fixtures/recovery/rebuild.ts";
import { resolveAddresses } from "../../../fixtures/target/addresses.ts";
import { withNodes } from "../../../fixtures/target/nodes.ts";
import { isConserved } from "../../../stress/engine/audit/index.ts";
import { CHAINS, perChainAsync } from "../../../stress/engine/base/index.ts";
import { checkJournal } from "../../../stress/journal/check-journal.ts";
import { network } from "../../../stress/platform/network.ts";
import type { OvmBridge } from "../../../stress/protocols/ovm2/bridge.ts";
import { ovm2 } from "../../../stress/protocols/ovm2/index.ts";
import type { Protocol } from "../../../stress/protocols/protocol.ts";
import { parseOpLogLine } from "../../../stress/journal/parse-op-log.ts";
import { Summary } from "../../../stress/report/summary.ts";
import { fromTargetFile } from "../../../targets/from-target-file.ts";
import { mistakesOf } from "../../../targets/mistakes.ts";
import { targetFileOf } from "../../../targets/schema.ts";
import type { Target } from "../../../targets/target.ts";
import { ownFolder } from "../../fakes/folder.ts";
import { openTestBed, runOn, type TestBed, type TestRun } from "../../run/running.ts";
import { paymentWithData } from "./payment-with-data.ts";

/** What goes along with each of its payments. */
const DATA = "0x010203";

/** The legacy protocol with one operation more, the one that docs/operations.md shows: its line is the first one here. */
const protocol: Protocol<OvmBridge> = {
  ...ovm2,
  operations: [paymentWithData, ...ovm2.operations],
};

const schema = targetFileOf(protocol);

/** A target on the local stack, as it is read from a file of that content. */
function targetWith(content: object): Target {
  const mistakes: string[] = [];
  const target = fromTargetFile(
    schema.parse({ name: "local", stack: {}, ...content }),
    protocol,
    "/",
    mistakes,
  );
  if (target === undefined) throw new Error(mistakes.join("\n"));
  return target;
}

/** What is wrong with shares in a target file, one text each. */
function mistakesIn(shares: object): string[] {
  const { error } = schema.safeParse({ name: "local", stack: {}, shares });
  return error === undefined ? [] : mistakesOf(error, schema);
}

describe("a target of a protocol with one operation more", () => {
  test("takes a share for it on both chains", () => {
    const { shares } = targetWith({ shares: { l1: { PD: 10 }, l2: { PD: 20, FX: 5 } } });
    expect(shares).toEqual({ 1: { PD: 10 }, 2: { PD: 20, FX: 5 } });
  });

  test("has its own share of it where it names none", () => {
    const { shares } = targetWith({});
    expect(shares).toEqual({
      1: { PD: 10, AL: 5, RL: 5, FO: 20, SO: 20 },
      2: { PD: 10, AL: 5, RL: 5, FX: 20, SX: 20 },
    });
  });

  test("refuses a share of what there is not, with those that there are", () => {
    expect(mistakesIn({ l1: { PD: 10 }, l2: { PD: 10 } })).toEqual([]);
    expect(mistakesIn({ l1: { PE: 10 }, l2: { PD: 10, XX: 10 } })).toEqual([
      "shares.l1.PE: no such operation; there are PD, AL, RL, FO, SO",
      "shares.l2.XX: no such operation; there are PD, AL, RL, FX, SX",
    ]);
    expect(mistakesIn({ l1: { PD: 101 } })).toEqual([expect.stringMatching(/^shares\.l1\.PD: /)]);
  });

  test("has it completed by editors: the JSON schema knows it on both chains", () => {
    const json = z.toJSONSchema(schema, { io: "input" });
    for (const chain of ["l1", "l2"]) {
      expect(json).toHaveProperty(`properties.shares.properties.${chain}.properties.PD.type`, "number");
    }
  });
});

describe("a run of a protocol with one operation more", () => {
  let bed: TestBed;
  let target: Target;
  let run: TestRun;

  beforeAll(async () => {
    bed = await openTestBed();
    // The first that is rolled for, and it always hits: each child does nothing else.
    target = targetWith({ shares: { l1: { PD: 100 }, l2: { PD: 100 } } });
    run = await runOn(bed, { protocol, target, children: 4, operations: 24, duration: 600_000 });
  });

  afterAll(() => bed.close());

  /** All of its operations in the journal, as they were sent. */
  const sent = () =>
    run.records.flatMap((record) => (record.record === "watch" && record.code === "PD" ? [record] : []));

  test("has children perform it by its share, on both chains, and nothing fails", () => {
    const { failed, clean } = run.result;
    expect([failed, clean]).toEqual([[], true]);
    expect(new Set(sent().map(({ child }) => child))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set(sent().map(({ chain }) => chain))).toEqual(new Set(CHAINS));
  });

  test("journals it from its start to its end", () => {
    expect(checkJournal(run.records).codes).toEqual(["DN", "IF", "PD", "RF"]);
    expect(run.opLog).toMatch(/^OP_START,00\d,PD,[12],\d+\.\d{8}$/m);
    expect(run.opLog).toMatch(/^OP_WATCH,00\d,PD,[12],\d{5}\.\d{8},0x[0-9a-f]{64}$/m);
    expect(run.opLog).toMatch(/^OP_DONE_,00\d,PD,[12],1,\d+\/\d+(?:,\d{5}\.\d{8}){3}$/m);
  });

  test("sends it as it says, with gas that was estimated", async () => {
    for (const { chain, hash = "" } of sent()) {
      expect((await bed.providers[chain].getTransaction(hash))?.data).toBe(DATA);
    }
    for (const record of run.records) {
      if (record.record !== "done" || record.code !== "PD") continue;
      expect(record.gasUsed).toBeGreaterThan(21_000n);
      expect(record.gasEstimated).toBeGreaterThanOrEqual(record.gasUsed);
    }
  });

  test("books it to the last wei", () => {
    expect(run.result).toConserveFunds();
    expect(run.result.ledger.unaccounted).toEqual({ 1: 0n, 2: 0n });
    expect(run.result.unreturned).toBeLessThanOrEqual(run.result.dust);
  });

  test("reports it: a row of the result, of the printed table, and of a log that is read later", () => {
    const row = run.result.figures.find(({ code }) => code === "PD");
    expect(row).toMatchObject({ count: sent().length, failed: 0, refused: 0 });
    expect(row?.phases.map(({ phase }) => phase)).toEqual(["submitted", "receipt", "finished"]);
    expect(run.printed.join("\n")).toMatch(new RegExp(`^ *PD +${sent().length} +0 +0 `, "m"));
    const read = new Summary();
    for (const line of readFileSync(run.logs.opLog, "utf8").split("\n")) {
      const record = parseOpLogLine(line);
      if (record !== undefined) read.add(record);
    }
    expect(read.rows().find(({ code }) => code === "PD")).toMatchObject({
      count: row?.count,
      gasUsed: row?.gasUsed,
      gasEstimated: row?.gasEstimated,
    });
  });

  test("can be read back: a recovery writes the books anew from the journal and the chains", async () => {
    // What a run that was killed after its last refund would have left: its closing line is not there.
    const opLog = join(ownFolder(), "op.log");
    writeFileSync(opLog, readFileSync(run.logs.opLog, "utf8").replace(/^# Clean exit .*\n/m, ""));
    const addresses = await resolveAddresses(bed.stack.addresses, protocol);
    await withNodes(bed.stack, protocol, network, async (nodes) => {
      const funding = target.funding.bridge;
      const { clock } = network;
      const bridge = await protocol.open({ nodes, addresses, clock, funding, gasPrice: () => 0n });
      const { assets } = bridge;
      const owner = {
        target: target.name,
        funder: target.funder.address,
        genesis: await genesisOf({ nodes }),
      };
      const open = await openBooks(opLog, owner, { originOf: originsOf(protocol), assets });
      if (open === undefined) throw new Error("the journal has no open books");
      for (const { chain, hash = "" } of sent()) {
        expect([...open.transactions]).toContainEqual([hash, chain]);
      }
      const watchers = await perChainAsync(async (chain) => ({ readTo: await nodes[chain].blockNumber() }));
      const sources = { nodes, watchers, clock, bridge, assets };
      const books = await rebuildBooks({ ...sources, operations: protocol.operations }, open);
      expect(isConserved(books)).toBe(true);
      expect(books.unaccounted).toEqual({ 1: 0n, 2: 0n });
      // It tells something: where the operation's payments were left out, money would be missing.
      const blind = { code: "PD", movesOf: () => [] };
      const operations = protocol.operations.map((one) => (one.code === "PD" ? { ...one, ...blind } : one));
      expect(isConserved(await rebuildBooks({ ...sources, operations }, open))).toBe(false);
    });
  });
});
