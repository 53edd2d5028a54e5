import { describe, expect, test } from "vitest";
import { localStacks } from "../../fixtures/local-stack/index.ts";
import { CASES } from "../faults/cases.ts";
import { page, read } from "./pages.ts";

const { text } = page("docs/faults.md");
const [ofAny = "", ofOpStack = ""] = text.split("\n## On the OP Stack\n");

const rowOf = (part: string, fault: string): string | undefined =>
  part.split("\n").find((line) => line.startsWith(`| \`${fault}\` |`));

/** Names of the faults in a part's table. */
const told = (part: string): string[] =>
  [...part.matchAll(/^\| `([a-z ]+)` \|/gm)].map(([, name = ""]) => name);

const faultsOf = (name: keyof typeof localStacks): string[] =>
  localStacks[name].faultPlan.shape.faults.element.options.map((option) => option.shape.fault.value);

describe("docs/faults.md", () => {
  test.each(Object.entries(CASES))(
    "tells of each fault in test/faults/%s.test.ts what notices it",
    (spec, cases) => {
      for (const { fault, detectors } of cases)
        expect(rowOf(ofAny, fault), fault).toContain(
          `| ${detectors.join(", ")} | \`test/faults/${spec}.test.ts\` |`,
        );
    },
  );

  test("tells of every fault that a plan may have, and of no other", () => {
    expect(told(ofAny).toSorted()).toEqual(faultsOf("ovm2").toSorted());
    const all = new Set([...told(ofAny), ...told(ofOpStack)]);
    expect([...new Set(faultsOf("op-stack"))].filter((fault) => !all.has(fault))).toEqual([]);
    for (const fault of told(ofOpStack)) expect(faultsOf("op-stack")).toContain(fault);
  });

  test("names tests of the OP Stack's faults that inject them", () => {
    for (const fault of told(ofOpStack)) {
      const files =
        rowOf(ofOpStack, fault)
          ?.split(" | ")
          .at(-1)
          ?.matchAll(/`([a-z-]+)`/g) ?? [];
      for (const [, file = ""] of files)
        expect(read(`test/local-stack/op-stack/faults/${file}.test.ts`), `${fault} in ${file}`).toContain(
          `"${fault}"`,
        );
    }
  });
});
