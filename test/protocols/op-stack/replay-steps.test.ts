import { describe, expect, test } from "vitest";
import { perChain } from "../../../stress/engine/base/chain.ts";
import { Node } from "../../../stress/engine/rpc/index.ts";
import type { Step } from "../../../stress/protocols/operation.ts";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";
import { encodeRelay, messageId } from "../../../stress/protocols/op-stack/messages.ts";
import { replaySteps } from "../../../stress/protocols/op-stack/ways/replay-steps.ts";
import { FakeChain } from "../../fakes/chain.ts";
import { receiptOf } from "../../fakes/receipts.ts";
import { contracts, messageOf } from "./made-up.ts";

const message = messageOf(5n);

/** Steps for a message to L2, whose messenger says of it what the test has it say. */
function stepping() {
  const chains = perChain(() => new FakeChain());
  const state = { hasArrived: false, hasFailed: false };
  chains[2].answer("eth_call", (call) => {
    const { to, data } = call as { to: string; data: string };
    expect(to).toBe(contracts.messenger[2]);
    const abi = ABI.CrossDomainMessenger;
    const { name = "", args = [] } = abi.parseTransaction({ data }) ?? {};
    if (name === "baseGas") return abi.encodeFunctionResult(name, [777_000]);
    expect(args[0]).toBe(messageId(message));
    return abi.encodeFunctionResult(name, [
      name === "successfulMessages" ? state.hasArrived : state.hasFailed,
    ]);
  });
  const nodes = perChain((chain) => new Node(chains[chain]));
  return { state, steps: replaySteps({ nodes, contracts }, 2, message) };
}

const isMet = (step: Step | void, block: number): Promise<boolean> => {
  if (step === undefined || step.kind !== "wait") throw new Error("wants a wait");
  return step.isMet(block);
};

describe("what a killed run cannot carry out once more", () => {
  test("is waited for, and carried out by a recovery where it failed, with the gas that the messenger wants", async () => {
    const { state, steps } = stepping();
    const { value: waiting } = await steps.next();
    expect(await isMet(waiting, 7)).toBe(false);
    state.hasFailed = true;
    expect(await isMet(waiting, 8)).toBe(true);
    const { value: sent } = await steps.next({ kind: "met", block: 8 });
    expect(sent).toMatchObject({
      kind: "send",
      chain: 2,
      note: { name: "replay", values: { message: messageId(message) } },
      plan: { to: contracts.messenger[2], data: encodeRelay(message), value: 0n, moves: [], gas: 777_000n },
    });
    const receipt = receiptOf();
    expect((await steps.next({ kind: "mined", receipt, latest: () => receipt })).done).toBe(true);
  });

  test("is left alone where it has arrived, whatever it was before", async () => {
    const { state, steps } = stepping();
    const { value: waiting } = await steps.next();
    Object.assign(state, { hasArrived: true, hasFailed: true });
    expect(await isMet(waiting, 7)).toBe(true);
    expect((await steps.next({ kind: "met", block: 7 })).done).toBe(true);
  });
});
