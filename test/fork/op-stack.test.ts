import { expect, test } from "vitest";
import { openStack } from "../../fixtures/stack/stack.ts";
import { parseTarget } from "../../targets/load.ts";

const file = {
  name: "live",
  protocol: "op-stack",
  l1: { endpoint: "http://127.0.0.1:1" },
  l2: { endpoint: "http://127.0.0.1:1" },
  funder: { key: "${FUNDER_KEY}" },
};

test.each([
  ["endpoints", file],
  ["a local stack", { name: "live", protocol: "op-stack", stack: {} }],
])("a fork of an OP Stack target (%s) is refused in a sentence, before anything is asked", async (_, of) => {
  const target = parseTarget(JSON.stringify(of), "live.json", {}, "7,9");
  await expect(openStack(target)).rejects.toMatchObject({
    code: "FORK_FAILED",
    message: "target live is of the OP Stack, which cannot be forked yet",
    hint: "leave --fork out",
  });
});
