import { describe, expect, test } from "vitest";
import { resultFromOpLog } from "../../../stress/report/result/from-op-log.ts";
import { resultFile } from "../../../stress/report/result/schema.ts";

const HASH = `0x6f22690c03cde6159bc60ffa35450fbcb6de0ff01b7f76558be041b88aced3b4`;
const OTHER = HASH.replace("0x6", "0x7");

/** The example of the predecessor's own manual, between the lines that it writes around a run. */
const PREDECESSORS = `# Started at Wed Oct 27 19:52:46 2021 with 1 children and 1 worker threads
OP_INIT_,000,--,2,0x1111111111111111111111111111111111111111
OP_START,000,FX,2,1635364366.14432049
OP_WATCH,000,FX,1,00000.66221166,${HASH}
OP_DONE_,000,FX,1,1,119515/120849,00000.66221166,00003.66329575,00262.85288596
OP_START,000,RF,1,1635364700.00000000
OP_WATCH,000,RF,1,00000.10000000,${OTHER}
OP_DONE_,000,RF,1,True,21000/21000,00000.10000000,00001.00000000,00001.00000000
# Clean exit at Wed Oct 27 19:58:46 2021
`;

const OURS = `# Started at Thu Nov 26 12:00:00 2026 with 2 children and 1 worker threads
# scenario=mixed target=local seed=7 funder=0x00 genesis=0x00
OP_INIT_,000,--,2,0x1111111111111111111111111111111111111111
OP_INIT_,001,--,2,0x2222222222222222222222222222222222222222
OP_START,000,FX,2,1795694400.00000000
# approval=FX child=000 tx=${OTHER}
OP_WATCH,000,FX,1,00000.50000000,${HASH}
OP_START,001,PY,2,1795694401.00000000
# failed=PY child=001 reason=transaction-reverted
OP_DONE_,001,PY,2,0,21000/21000,00000.10000000,00001.00000000,00001.00000000
`;

const of = async (text: string, run?: number) => resultFromOpLog(text.split("\n"), run);

describe("a result out of an op.log", () => {
  test("is made of the predecessor's, which proves nothing of books and crossings", async () => {
    const read = await of(PREDECESSORS);
    const result = resultFile.parse(read?.result);
    expect(read?.damaged).toEqual([]);
    expect(result.verdict).toEqual({ is: "unproven", held: false, reasons: [] });
    expect([result.books, result.crossings]).toEqual([undefined, undefined]);
    const exit = result.operations.slowest.find(({ code }) => code === "FX");
    expect(exit?.transactions).toEqual([{ what: "own", chain: 2, hash: HASH }]);
    expect(exit?.parts.map(({ part }) => part)).toEqual(["submit", "inclusion", "relay and payout"]);
    for (const line of exit?.journal ?? []) expect(PREDECESSORS).toContain(`${line}\n`);
    expect(exit?.journal).toHaveLength(3);
  });

  test("of a run that was killed says that it has no end, what is open and what failed", async () => {
    const result = (await of(OURS))?.result;
    expect(result?.verdict).toMatchObject({ is: "unfinished", held: false });
    expect(result?.verdict.reasons).toEqual([
      expect.stringContaining("1 operations have no end"),
      "1 operations failed.",
    ]);
    expect(result?.conditions).toMatchObject({ scenario: "mixed", target: "local", seed: 7, children: 2 });
    expect(result?.operations.failures.map(({ code, why }) => [code, why])).toEqual([
      ["PY", "transaction-reverted"],
    ]);
  });

  test("has an operation's other transactions from comments", async () => {
    const text = `${OURS}OP_DONE_,000,FX,1,1,100000/120849,00000.50000000,00003.00000000,00005.00000000\n# Dirty shutdown at x\n`;
    const result = (await of(text))?.result;
    expect(result?.operations.slowest[0]?.transactions).toEqual([
      { what: "approval", hash: OTHER },
      { what: "own", chain: 2, hash: HASH },
    ]);
    expect(result?.verdict.is).toBe("not held");
  });

  test("is of the last run, or of the one that is asked for", async () => {
    const both = `${PREDECESSORS}${OURS}`;
    expect((await of(both))?.result.conditions.scenario).toBe("mixed");
    const first = await of(both, 1);
    expect([first?.runs, first?.result.operations.performed]).toEqual([2, 2]);
    expect(await of(both, 3)).toBeUndefined();
    expect(await of("nothing of the kind\n")).toBeUndefined();
  });

  test("passes damaged lines over, and names them", async () => {
    const damaged = PREDECESSORS.replace("OP_START,000,RF,1,", "OP_STA");
    const read = await of(damaged);
    expect(read?.damaged).toEqual([6]);
    expect(read?.result.verdict.reasons).toEqual(["1 lines of the journal are damaged, and passed over."]);
  });
});
