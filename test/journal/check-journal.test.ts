import { expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";

const check = (...lines: string[]) => checkJournal(parseOpLog(`${lines.join("\n")}\n`));

const START = "OP_START,000,FX,2,1635364366.14432049";
const DONE = "OP_DONE_,000,FX,1,1,119515/120849,00000.66221166,00003.66329575,00262.85288596";
const STARTED = "# Started at Mon Nov 23 02:41:21 2026 with 10 children and 1 worker threads";
const CLEAN = "# Clean exit at Mon Nov 23 02:51:21 2026";
const RECOVERED = "# recovery=done target=local funder=0x1 genesis=0x2";

test("a journal in which a killed run was recovered and a clean one follows is sound", () => {
  const facts = { operations: 1, codes: ["FX"] };
  expect(check(STARTED, START, RECOVERED, STARTED, START, DONE, CLEAN)).toEqual(facts);
  // As recoveries closed it before they said so themselves.
  expect(check(STARTED, START, "# books-closed=yes target=local", STARTED, START, DONE, CLEAN)).toEqual(
    facts,
  );
});

test.each([
  ["was not recovered", [STARTED, START, STARTED, START, DONE], "child 0 starts FX while FX is open"],
  ["is being recovered", [START, "# recovery=started target=local"], "FX of child 0 was left open"],
  ["was recovered before it left something", [RECOVERED, START], "FX of child 0 was left open"],
])("one in which a killed run %s is not", (_, lines, problem) => {
  expect(() => check(...lines)).toThrow(problem);
});

test("refunds that failed in the predecessor's words are ends", () => {
  const refund = START.replace("FX", "RF");
  expect(check(STARTED, refund, "OP_DONE_,000,RF,2,False,0/0")).toEqual({ operations: 1, codes: ["RF"] });
});
