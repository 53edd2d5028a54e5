import { expect, test } from "vitest";
import { page, read } from "./pages.ts";

/** Names of an interface's members, out of its source. */
function membersOf(file: string, name: string): string[] {
  const [, body = ""] =
    new RegExp(`^export interface ${name}\\b[^]*?\\{\\n([^]*?)^\\}`, "m").exec(read(file)) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??(?=[:(<])/gm)].map(([, member = ""]) => member);
}

/** The names in the first cells of a page's table whose head names an interface. */
function toldOf(path: string, name: string): string[] {
  const [, rows = ""] =
    new RegExp(`^\\|[^|]*\`${name}\`[^|]*\\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, "m").exec(page(path).text) ??
    [];
  return rows
    .split("\n")
    .flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`(\w+)`/g)].map(([, member = ""]) => member));
}

test.each([
  ["docs/protocols.md", "Protocol", "stress/protocols/protocol.ts"],
  ["docs/protocols.md", "Bridge", "stress/protocols/protocol.ts"],
  ["docs/protocols.md", "BridgeFunds", "stress/protocols/protocol.ts"],
  ["docs/protocols.md", "BridgeHistory", "stress/protocols/protocol.ts"],
  ["docs/protocols.md", "StackBuilder", "fixtures/local-stack/protocol-stack.ts"],
  ["docs/scenarios.md", "RunRequest", "fixtures/run/run-plan.ts"],
  ["docs/scenarios.md", "RunResult", "fixtures/run/run-result.ts"],
  ["docs/scenarios.md", "StressFixtures", "fixtures/index.ts"],
])("%s tells of each member of %s, and of no other", (path, name, file) => {
  const members = membersOf(file, name);
  expect(members.length).toBeGreaterThan(2);
  expect(toldOf(path, name).toSorted()).toEqual(members.toSorted());
});
