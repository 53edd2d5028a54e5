import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findNames, namesOf, type SourceFile } from "./names.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** Every file of the repository; the lock file is npm's. */
const files: readonly SourceFile[] = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" })
  .split("\0")
  .filter((path) => path !== "" && path !== "package-lock.json" && existsSync(join(ROOT, path)))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

const names = namesOf(files);

describe("a protocol's names", () => {
  test("are read from its ABIs", () => {
    expect([...names]).toEqual(
      expect.arrayContaining(["L1LiquidityPool", "SentMessage", "clientDepositL1", "StateCommitmentChain"]),
    );
    expect([...names]).not.toEqual(expect.arrayContaining(["transfer"]));
  });

  // Until the address book is in its protocol's folder.
  test("are read from its address book", () => {
    expect([...names]).toEqual(expect.arrayContaining(["Proxy__L1StandardBridge", "L1CrossDomainMessenger"]));
  });

  // Until nothing outside a protocol's folders names its contracts.
  test("are in its own folders only", () => {
    expect(findNames(files, names)).toEqual([]);
  });
});

describe("a planted name is found", () => {
  const path = "stress/engine/chain/watcher.ts";

  test.each([
    ["a contract", 'const pool = "L1LiquidityPool";', "L1LiquidityPool"],
    ["an event, in a comment", "// Looks for SentMessage.", "SentMessage"],
    ["a function", "await pool.clientDepositL1(amount);", "clientDepositL1"],
    [
      "a predeploy",
      'const eth = "0x4200000000000000000000000000000000000006";',
      "0x4200000000000000000000000000000000000006",
    ],
    ["a name of an address book", '["Proxy__L1LiquidityPool"]', "Proxy__L1LiquidityPool"],
    ["a name of the legacy contracts", "OVM_L1CrossDomainMessenger", "OVM_L1CrossDomainMessenger"],
  ])("%s", (_, line, name) => {
    expect(findNames([{ path, text: `\n${line}\n` }], names)).toEqual([{ path, line: 2, name }]);
  });

  test("but not as a part of a word, in another case, or at home", () => {
    const text = "SentMessages sentMessage MySentMessage";
    const home = { path: "fixtures/local-stack/ovm2/outbox.ts", text: "SentMessage" };
    expect(findNames([{ path, text }, home], names)).toEqual([]);
  });

  test("also in the faults that any chain has", () => {
    const shared = { path: "fixtures/local-stack/faults/plan.ts", text: "SentMessage" };
    expect(findNames([shared], names)).toHaveLength(1);
  });
});
