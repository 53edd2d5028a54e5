import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resultFile } from "../../stress/report/result/schema.ts";
import { run } from "../cli/command.ts";
import { ownFolder } from "../fakes/folder.ts";
import { brokenResult } from "../fakes/result-file.ts";

const REPORT = join(import.meta.dirname, "..", "..", "tools", "report.ts");

const report = (...args: string[]) => run(process.execPath, [REPORT, ...args]);

const LOG = `# Started at Thu Nov 26 12:00:00 2026 with 1 children and 1 worker threads
OP_INIT_,000,--,2,0x1111111111111111111111111111111111111111
OP_START,000,PY,2,1795694400.00000000
OP_WATCH,000,PY,2,00000.10000000,0x${"ab".repeat(32)}
OP_DONE_,000,PY,2,1,21000/21000,00000.10000000,00001.00000000,00001.00000000
# Clean exit at Thu Nov 26 12:01:00 2026
`;

test("a report of a journal has a result, a page and Markdown beside it, and is told where", async () => {
  const folder = ownFolder();
  writeFileSync(join(folder, "op.log"), LOG);
  const { code, printed } = await report(join(folder, "op.log"));
  expect(code, printed).toBe(0);
  const made = join(folder, "op-report");
  expect(printed).toContain(`report: ${join(made, "report.html")}`);
  expect(resultFile.parse(JSON.parse(readFileSync(join(made, "result.json"), "utf8"))).source).toBe("op.log");
  expect(readFileSync(join(made, "report.html"), "utf8")).toContain("OP_START,000,PY,2,1795694400.00000000");
  expect(readFileSync(join(made, "report.md"), "utf8")).toContain("| PY | 1 | 0 |");
});

test("a run's folder is reported into itself, or where it is said", async () => {
  const folder = ownFolder();
  writeFileSync(join(folder, "result.json"), JSON.stringify(brokenResult(50)));
  const out = join(folder, "elsewhere");
  expect((await report(folder)).code).toBe(0);
  expect((await report(join(folder, "result.json"), "--out", out)).code).toBe(0);
  expect(existsSync(join(folder, "report.html"))).toBe(true);
  expect(existsSync(join(out, "report.html"))).toBe(true);
});

test("what is no log, has no such run or is another version is refused with exit code 2", async () => {
  const folder = ownFolder();
  writeFileSync(join(folder, "op.log"), LOG);
  writeFileSync(join(folder, "words.txt"), "nothing of the kind\n");
  writeFileSync(join(folder, "result.json"), JSON.stringify({ ...brokenResult(50), version: 2 }));
  const cases: [string[], RegExp][] = [
    [[join(folder, "none.log")], /there is no such file/],
    [[join(folder, "words.txt")], /no run of op\.log's format is in it/],
    [[join(folder, "op.log"), "--run", "2"], /it has no run 2/],
    [[folder], /no result of version 1: version/],
    [[join(folder, "op.log"), "more"], /unexpected argument 'more'/],
  ];
  for (const [args, says] of cases) {
    const { code, printed } = await report(...args);
    expect([code, printed]).toEqual([2, expect.stringMatching(says)]);
  }
});
