import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Chain } from "../../stress/engine/base/chain.ts";
import type { TxHash } from "../../stress/engine/rpc/receipt.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { type OpLogRecord, parseOpLog, parseOpLogLine } from "../../stress/journal/parse-op-log.ts";
import { ownFolder } from "../fakes/folder.ts";
import { runs } from "../fakes/property.ts";

const child = fc.nat(20_000);
const chain = fc.constantFrom<Chain>(1, 2);
const code = fc.stringMatching(/^[A-Z]{2}$/);
const hex = (digits: number) => fc.stringMatching(new RegExp(`^0x[0-9a-f]{${digits}}$`));
const gas = fc.bigInt({ min: 0n, max: 30_000_000n });
/** Milliseconds to the tenth of a microsecond. */
const ms = (most: number) => fc.nat(most).map((value) => value / 10_000);

const record: fc.Arbitrary<OpLogRecord> = fc.oneof(
  fc.record({ record: fc.constant("init" as const), child, chain, address: hex(40) }),
  fc.record({ record: fc.constant("start" as const), child, code, chain, at: fc.nat(2 ** 31).map(Number) }),
  fc.record({
    record: fc.constant("watch" as const),
    child,
    code,
    chain,
    since: ms(2 ** 31),
    hash: fc.option(hex(64), { nil: undefined }),
  }),
  fc.record({
    record: fc.constant("done" as const),
    child,
    code,
    chain,
    succeeded: fc.boolean(),
    gasUsed: gas,
    gasEstimated: gas,
    phases: fc.array(ms(2 ** 31), { maxLength: 3 }),
  }),
);

function write(log: OpLog, one: OpLogRecord): void {
  switch (one.record) {
    case "comment":
      log.comment({ text: one.text });
      return;
    case "init":
      log.init(one.child, one.chain, one.address);
      return;
    case "start":
      log.start(one.child, one.code, one.chain, one.at);
      return;
    case "watch":
      log.watch(one.child, one.code, one.chain, one.since, one.hash as TxHash | undefined);
      return;
    case "done":
      log.done(one);
      return;
  }
}

/** Times go through decimal text: they come back to within its last digit. */
const rounded = (one: OpLogRecord): unknown =>
  JSON.parse(
    JSON.stringify(one, (_, value: unknown) => {
      if (typeof value === "bigint") return value.toString();
      return typeof value === "number" ? Math.round(value * 10_000) : value;
    }),
  );

test("whatever was written is read back", () => {
  const folder = ownFolder();
  let number = 0;
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), (records) => {
      const path = join(folder, `${number++}.log`);
      const log = new OpLog(path);
      for (const one of records) write(log, one);
      log.close();
      expect(parseOpLog(readFileSync(path, "utf8")).map(rounded)).toEqual(records.map(rounded));
    }),
    runs(100),
  );
});

describe("one line", () => {
  test("a comment loses its mark", () => {
    expect(parseOpLogLine("# seed=7 scenario=mixed")).toEqual({
      record: "comment",
      text: "seed=7 scenario=mixed",
    });
  });

  test("gas marked with <<< is read", () => {
    expect(parseOpLogLine("OP_DONE_,1000,AL,2,0,9/8<<<,00000.00100000")).toEqual({
      record: "done",
      child: 1000,
      code: "AL",
      chain: 2,
      succeeded: false,
      gasUsed: 9n,
      gasEstimated: 8n,
      phases: [1],
    });
  });

  test.each([
    ["False", false],
    ["True", true],
  ])("an end that the predecessor wrote as %s is read", (word, succeeded) => {
    expect(parseOpLogLine(`OP_DONE_,003,RF,2,${word},0/0`)).toMatchObject({
      code: "RF",
      succeeded,
      phases: [],
    });
  });

  test.each([
    "",
    "OP_START,000,FX,3,1635364366.14432049",
    "OP_START,00,FX,2,1635364366.14432049",
    "OP_START,000,FX,2,1635364366.14",
    "OP_DONE_,000,FX,1,2,1/1",
    "OP_WATCH,000,FX,1,0.5",
    "OP_NEVER,000,FX,1",
    "OP_INIT_,000,--,2,0x12",
  ])("'%s' is no record", (line) => {
    expect(parseOpLogLine(line)).toBeUndefined();
  });
});

describe("a whole log", () => {
  test("a line that is no record is named by its number", () => {
    expect(() => parseOpLog("# one\n# two\nnonsense\n")).toThrow("op.log line 3 is no record: nonsense");
  });

  test("an empty log has no records", () => {
    expect(parseOpLog("")).toEqual([]);
  });
});
