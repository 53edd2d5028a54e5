import { fstatSync, mkdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { StressError } from "../../stress/engine/base/index.ts";
import type { TxHash } from "../../stress/engine/rpc/receipt.ts";
import { type DoneRecord, OpLog } from "../../stress/journal/op-log.ts";
import { FULL, SmallDisk } from "../fakes/disk.ts";
import { ownFolder } from "../fakes/folder.ts";

const HASH = "0x6f22690c03cde6159bc60ffa35450fbcb6de0ff01b7f76558be041b88aced3b4" as TxHash;
const ADDRESS = "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B";

/** What a new log holds after `write`. */
function written(write: (log: OpLog) => void): string {
  const path = join(ownFolder(), "op.log");
  const log = new OpLog(path);
  write(log);
  log.close();
  return readFileSync(path, "utf8");
}

const doneRecord = (own: Partial<DoneRecord>): DoneRecord => ({
  child: 0,
  code: "PY",
  chain: 1,
  succeeded: true,
  gasUsed: 21_000n,
  gasEstimated: 21_000n,
  phases: [1, 2, 3],
  ...own,
});

describe("the records of op.log, byte for byte", () => {
  test("the example of the format comes out as it stands there", () => {
    const text = written((log) => {
      log.started(Date.UTC(2026, 10, 23, 2, 41, 21), 10);
      log.init(0, 2, ADDRESS);
      log.start(0, "FX", 2, 1000 * Number("1635364366.14432049"));
      log.watch(0, "FX", 1, 662.21166, HASH);
      log.done({
        child: 0,
        code: "FX",
        chain: 1,
        succeeded: true,
        gasUsed: 119_515n,
        gasEstimated: 120_849n,
        phases: [662.21166, 3663.29575, 262_852.88596],
      });
      log.closed(Date.UTC(2026, 10, 23, 2, 51, 21), true);
    });
    expect(text).toBe(
      [
        "# Started at Mon Nov 23 02:41:21 2026 with 10 children and 1 worker threads",
        `OP_INIT_,000,--,2,${ADDRESS}`,
        "OP_START,000,FX,2,1635364366.14432049",
        `OP_WATCH,000,FX,1,00000.66221166,${HASH}`,
        "OP_DONE_,000,FX,1,1,119515/120849,00000.66221166,00003.66329575,00262.85288596",
        "# Clean exit at Mon Nov 23 02:51:21 2026",
        "",
      ].join("\n"),
    );
  });

  test("OP_WATCH of an operation without a transaction ends after the interval", () => {
    expect(written((log) => log.watch(3, "DN", 2, 0.5, undefined))).toBe(
      "OP_WATCH,003,DN,2,00000.00050000\n",
    );
  });

  test("OP_DONE_ of DN has gas 0/0 and two intervals", () => {
    const record = doneRecord({ code: "DN", chain: 2, gasUsed: 0n, gasEstimated: 0n, phases: [0, 0.25] });
    expect(written((log) => log.done(record))).toBe(
      "OP_DONE_,000,DN,2,1,0/0,00000.00000000,00000.00025000\n",
    );
  });

  test("gas used above the estimate is marked with <<<", () => {
    const record = doneRecord({ gasUsed: 21_001n, phases: [] });
    expect(written((log) => log.done(record))).toBe("OP_DONE_,000,PY,1,1,21001/21000<<<\n");
  });

  test("gas used as estimated is not marked", () => {
    const record = doneRecord({ phases: [] });
    expect(written((log) => log.done(record))).toBe("OP_DONE_,000,PY,1,1,21000/21000\n");
  });

  test("an operation that failed before submission has no intervals", () => {
    const record = doneRecord({ succeeded: false, gasUsed: 0n, gasEstimated: 0n, phases: [] });
    expect(written((log) => log.done(record))).toBe("OP_DONE_,000,PY,1,0,0/0\n");
  });

  test("an operation that failed after its receipt has the phases it reached", () => {
    const record = doneRecord({ code: "SO", chain: 2, succeeded: false, phases: [1500, 2000] });
    expect(written((log) => log.done(record))).toBe(
      "OP_DONE_,000,SO,2,0,21000/21000,00001.50000000,00002.00000000\n",
    );
  });

  test.each([
    [7, "007"],
    [42, "042"],
    [999, "999"],
    [1000, "1000"],
    [12_345, "12345"],
  ])("child %i is written as %s", (child, field) => {
    expect(written((log) => log.init(child, 1, ADDRESS))).toBe(`OP_INIT_,${field},--,1,${ADDRESS}\n`);
  });

  test("an interval of more than 99999 seconds takes the room it needs", () => {
    expect(written((log) => log.watch(0, "SX", 1, 604_800_000, undefined))).toBe(
      "OP_WATCH,000,SX,1,604800.00000000\n",
    );
  });

  test("a run in which something was left open is closed as a dirty shutdown", () => {
    expect(written((log) => log.closed(Date.UTC(2026, 0, 5, 3, 4, 5), false))).toBe(
      "# Dirty shutdown at Mon Jan  5 03:04:05 2026\n",
    );
  });

  test("a comment holds pairs of key and value", () => {
    expect(
      written((log) => log.comment({ run: "local-1", scenario: "mixed", seed: 7, wei: 10n ** 18n })),
    ).toBe("# run=local-1 scenario=mixed seed=7 wei=1000000000000000000\n");
  });

  test("blanks and line breaks in a comment's values do not break it up", () => {
    expect(written((log) => log.comment({ refused: "FX", reason: "over half\nof the  pool" }))).toBe(
      "# refused=FX reason=over-half-of-the-pool\n",
    );
  });
});

describe("the file", () => {
  test("a second run appends to what the first one wrote", () => {
    const path = join(ownFolder(), "op.log");
    for (const child of [1, 2]) {
      const log = new OpLog(path);
      log.init(child, 1, ADDRESS);
      log.close();
    }
    expect(readFileSync(path, "utf8")).toBe(`OP_INIT_,001,--,1,${ADDRESS}\nOP_INIT_,002,--,1,${ADDRESS}\n`);
  });

  test("records are in the file before anything else happens, and whoever waits for them goes on", async () => {
    const path = join(ownFolder(), "op.log");
    const log = new OpLog(path);
    const next = new Promise<string>((resolve) => setImmediate(() => resolve(readFileSync(path, "utf8"))));
    log.watch(0, "DN", 1, 0, undefined);
    log.watch(1, "DN", 1, 0, undefined);
    await log.written();
    const text = "OP_WATCH,000,DN,1,00000.00000000\nOP_WATCH,001,DN,1,00000.00000000\n";
    expect([readFileSync(path, "utf8"), await next]).toEqual([text, text]);
    log.close();
  });

  test("records that come together are one write, comments among them in their order", async () => {
    const path = join(ownFolder(), "op.log");
    const writes: number[] = [];
    const log = new OpLog(path, {
      write: (file, bytes, offset) => {
        writes.push(bytes.length);
        return writeSync(file, bytes, offset);
      },
    });
    for (let child = 0; child < 100; child++) {
      log.watch(child, "DN", 1, 0, undefined);
      if (child % 10 === 0) log.comment({ filler: child });
    }
    await log.written();
    log.watch(100, "DN", 1, 0, undefined);
    log.close();
    const text = readFileSync(path, "utf8");
    expect(text.split("\n").slice(0, 3)).toEqual([
      "OP_WATCH,000,DN,1,00000.00000000",
      "# filler=0",
      "OP_WATCH,001,DN,1,00000.00000000",
    ]);
    expect([text.split("\n").length, writes.length]).toEqual([112, 2]);
  });

  test("folders that are missing are made", () => {
    const path = join(ownFolder(), "deep", "down", "op.log");
    new OpLog(path).close();
    expect(readFileSync(path, "utf8")).toBe("");
  });
});

describe("on a disk that is full", () => {
  const PY = `OP_INIT_,001,--,1,${ADDRESS}\n`;

  test("a record stops whoever needs it, with what to do, and is not in the file", async () => {
    const path = join(ownFolder(), "op.log");
    const log = new OpLog(path, { write: new SmallDisk(PY.length + 5).write });
    const told: StressError[] = [];
    log.follow((failure) => told.push(failure));
    log.init(1, 1, ADDRESS);
    expect(log.failure).toBeUndefined();
    log.init(2, 1, ADDRESS);
    await expect(log.written()).rejects.toThrow(/op\.log could not be written \(ENOSPC.*incomplete/);
    expect(told).toEqual([log.failure]);
    expect(log.failure).toMatchObject({
      code: "JOURNAL_INCOMPLETE",
      hint: expect.stringContaining("recover"),
    });
    log.close();
    expect(readFileSync(path, "utf8")).toBe(PY);
  });

  test("of records that come together those are written that there is room for, and who needs them all is stopped", async () => {
    const path = join(ownFolder(), "op.log");
    const log = new OpLog(path, {
      write: (file, bytes, offset) => {
        if (fstatSync(file).size + bytes.length > PY.length + 5) throw FULL;
        return writeSync(file, bytes, offset);
      },
    });
    log.comment({
      reason: "longer than what there is room for on this disk, which is not very large any more",
    });
    log.init(1, 1, ADDRESS);
    await expect(log.written()).rejects.toMatchObject({ code: "JOURNAL_INCOMPLETE" });
    expect(() => log.sync()).toThrow(/incomplete/);
    log.close();
    expect(readFileSync(path, "utf8")).toBe(PY);
  });

  test("nobody is stopped any more who goes on without it; it stays known, and what fits is written", async () => {
    const path = join(ownFolder(), "op.log");
    const disk = new SmallDisk(0);
    const log = new OpLog(path, { write: disk.write });
    log.goOnWithout();
    log.init(2, 1, ADDRESS);
    await log.written();
    disk.room = PY.length;
    log.init(1, 1, ADDRESS);
    log.close();
    expect(log.failure).toMatchObject({ code: "JOURNAL_INCOMPLETE" });
    expect(readFileSync(path, "utf8")).toBe(PY);
  });

  test("who does not need it may even have none", () => {
    const path = join(ownFolder(), "op.log");
    mkdirSync(path);
    const log = new OpLog(path, { isNeeded: false });
    log.init(1, 1, ADDRESS);
    log.sync();
    log.close();
    expect(log.failure).toMatchObject({ code: "LOGS_UNUSABLE" });
  });
});
