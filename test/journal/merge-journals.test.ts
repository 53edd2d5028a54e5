import { describe, expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { mergeJournals } from "../../stress/journal/merge-journals.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";

const HASH = `0x${"ab".repeat(32)}`;

/** One payment of a child. */
const payment = (child: string, at: number, took: number): string[] => [
  `OP_START,${child},PY,2,${at.toFixed(8)}`,
  `OP_WATCH,${child},PY,2,00000.10000000,${HASH}`,
  `OP_DONE_,${child},PY,2,1,21000/21000,00000.10000000,0000${took.toFixed(8)}`,
];

const started = (children: number): string =>
  `# Started at Thu Jan  1 00:01:40 1970 with ${children} children and 1 worker threads`;

const ENDED = "# Clean exit at Thu Jan  1 00:02:30 1970";

async function merge(
  lines: readonly (readonly string[])[],
  ahead: readonly number[] = [],
): Promise<readonly string[]> {
  const shards = lines.map((own, at) => ({
    part: at + 1,
    of: lines.length,
    lines: () => own,
    ahead: ahead[at] ?? 0,
  }));
  const merged: string[] = [];
  for await (const line of mergeJournals(shards)) merged.push(line);
  return merged;
}

describe("journals of shards", () => {
  test("are one, in the order of what happened, with a number for each child", async () => {
    const first = [
      "# shard=1/2",
      started(2),
      "# scenario=mixed",
      ...payment("000", 101, 4),
      ...payment("001", 106, 1),
      ENDED,
    ];
    const second = ["# shard=2/2", started(1), "# scenario=mixed", ...payment("000", 102, 1), ENDED];
    const merged = await merge([first, second]);
    expect(merged.filter((line) => line.startsWith("OP_"))).toEqual([
      "OP_START,000,PY,2,101.00000000",
      `OP_WATCH,000,PY,2,00000.10000000,${HASH}`,
      "OP_START,001,PY,2,102.00000000",
      `OP_WATCH,001,PY,2,00000.10000000,${HASH}`,
      "OP_DONE_,001,PY,2,1,21000/21000,00000.10000000,00001.00000000",
      "OP_DONE_,000,PY,2,1,21000/21000,00000.10000000,00004.00000000",
      "OP_START,002,PY,2,106.00000000",
      `OP_WATCH,002,PY,2,00000.10000000,${HASH}`,
      "OP_DONE_,002,PY,2,1,21000/21000,00000.10000000,00001.00000000",
    ]);
    expect(merged[0]).toMatch(/ with 3 children and 2 worker threads$/);
    expect(merged.at(-1)).toBe(ENDED);
    expect(checkJournal(parseOpLog(merged.join("\n"))).operations).toBe(3);
  });

  test("are put in order by the first shard's clock", async () => {
    const merged = await merge(
      [
        [started(1), ...payment("000", 101, 1), ENDED],
        [started(1), ...payment("000", 105, 1), ENDED],
      ],
      [0, 5000],
    );
    expect(merged.filter((line) => line.startsWith("OP_START"))).toEqual([
      "OP_START,001,PY,2,100.00000000",
      "OP_START,000,PY,2,101.00000000",
    ]);
  });

  test("keep what a killed one left open until its recovery, and are clean by that", async () => {
    const open = payment("000", 101, 1).slice(0, 2);
    const recovered = [
      "# recovery=started funder=0x1",
      "# recovered=RF account=0x2 tx=0x3",
      "# books-closed=yes funder=0x1",
    ];
    const other = [started(1), ...payment("000", 102, 5), ENDED];
    const merged = await merge([[started(1), ...open, ...recovered], other]);
    expect(merged.slice(-4)).toEqual([...recovered, "# Clean exit at Thu Jan  1 00:02:30 1970"]);
    expect(checkJournal(parseOpLog(merged.join("\n"))).operations).toBe(1);
    expect((await merge([[started(1), ...open], other])).at(-1)).toMatch(/^# Dirty shutdown/);
  });

  test("have runs of several scenarios one after the other", async () => {
    const run = (at: number) => [started(1), ...payment("000", at, 1), ENDED];
    const merged = await merge([
      [...run(101), ...run(201)],
      [...run(102), ...run(202)],
    ]);
    expect(merged.filter((line) => line.startsWith("# Started"))).toHaveLength(2);
    expect(merged.filter((line) => line.startsWith("OP_START")).map((line) => line.split(",")[4])).toEqual([
      "101.00000000",
      "102.00000000",
      "201.00000000",
      "202.00000000",
    ]);
  });

  test("keep the order of each shard's lines, whatever times they tell", async () => {
    // An open load's operations begin when they were due, which may be before the line that stands before theirs.
    const late = [...payment("000", 109, 1), ...payment("001", 101, 1)];
    const merged = await merge([
      [started(2), ...late, ENDED],
      [started(1), ...payment("000", 105, 1), ENDED],
    ]);
    const own = merged.filter((line) => /,00[02],/.test(line)).map((line) => line.replace(",002,", ",001,"));
    expect(own).toEqual(late);
  });

  test("are not held in memory: a line is read when it is its turn", async () => {
    const lines = [
      started(1),
      ...Array.from({ length: 1000 }, (_, at) => payment("000", 101 + at, 0.5)).flat(),
    ];
    let [readings, read] = [0, 0];
    function* counted(): Generator<string> {
      readings++;
      read = 0;
      for (const line of lines) {
        read++;
        yield line;
      }
    }
    const shard = { part: 1, of: 1, ahead: 0, lines: counted };
    let written = 0;
    for await (const _ of mergeJournals([shard])) {
      written++;
      expect(read).toBeLessThanOrEqual(written + 1);
      if (written === 100) break;
    }
    // Once for what the first line tells, and once for the lines themselves.
    expect(readings).toBe(2);
  });

  test("name children in comments by their number among all", async () => {
    const merged = await merge([
      [started(1), ENDED],
      [started(1), "# prove=SX child=003 tx=0x1", ENDED],
    ]);
    expect(merged).toContain("# prove=SX child=007 tx=0x1");
  });
});
