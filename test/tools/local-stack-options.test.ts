import { describe, expect, test } from "vitest";
import { localStacks, type ProtocolName } from "../../fixtures/local-stack/index.ts";
import { chosenProtocol, localStackVerb } from "../../tools/local-stack-options.ts";
import { help, readOptions } from "../../tools/read-options.mjs";

test.each<[string, readonly string[], ProtocolName]>([
  ["none is named", [], "ovm2"],
  ["another option is given", ["--l1-block-time", "2s"], "ovm2"],
  ["it is named", ["--protocol", "op-stack"], "op-stack"],
  ["it is named with =, behind others", ["--generation=oracle", "--protocol=op-stack"], "op-stack"],
  ["what is named is none", ["--protocol", "mixed"], "ovm2"],
])("the protocol where %s", (_, argv, protocol) => {
  expect(chosenProtocol(argv)).toBe(protocol);
});

describe("the options of a protocol", () => {
  test("are its own", () => {
    const legacy = help(localStackVerb(localStacks.ovm2));
    const opStack = help(localStackVerb(localStacks["op-stack"]));
    for (const page of [legacy, opStack]) expect(page).toContain("--protocol <ovm2|op-stack>");
    expect(legacy).toContain("--exit-fee");
    expect(opStack).not.toContain("--exit-fee");
    expect(opStack).toContain("--generation <oracle|games|super>");
  });

  test.each([
    ["no protocol", ["--protocol=mixed"], "--protocol wants one of ovm2, op-stack, not 'mixed'"],
    [
      "no generation",
      ["--generation", "bedrock"],
      "--generation wants one of oracle, games, super, not 'bedrock'",
    ],
    ["another protocol's", ["--exit-fee", "1"], "unknown option --exit-fee"],
  ])("refuse what is %s", (_, argv, message) => {
    expect(() => readOptions(localStackVerb(localStacks["op-stack"]), argv)).toThrow(message);
  });
});

test("with games by time, L2's blocks have whole seconds where nobody says otherwise", () => {
  const { settings } = localStacks["op-stack"];
  expect(settings.parse({}).l2BlockTime).toBe(250);
  expect(settings.parse({ generation: "super" }).l2BlockTime).toBe(1000);
  expect(settings.parse({ generation: "super", l2BlockTime: 2000 }).l2BlockTime).toBe(2000);
  const parsed = settings.parse({ generation: "oracle" });
  expect(settings.parse(parsed)).toEqual(parsed);
});
