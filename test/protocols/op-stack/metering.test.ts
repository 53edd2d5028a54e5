import { describe, expect, test } from "vitest";
import { Node } from "../../../stress/engine/rpc/index.ts";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";
import { Metering } from "../../../stress/protocols/op-stack/metering.ts";
import type { MinimumGas } from "../../../stress/protocols/op-stack/minimum-gas.ts";
import { FakeChain, nodeError } from "../../fakes/chain.ts";
import { contracts } from "./made-up.ts";

const minimum = {
  bridged: 100n,
  bridgedTokens: 200n,
  etherMessage: "0xee",
  tokenMessage: "0x70",
} as MinimumGas;

/** The metering of an L1 whose deposits may ask for 1,000 gas, and whose messenger adds 50; of one that tells neither, where it is bare. */
function open(isBare = false): Promise<Metering> {
  const chain = new FakeChain();
  chain.answer("eth_call", (call) => {
    const { data } = call as { data: string };
    if (isBare) throw nodeError("execution reverted", 3);
    const baseGas = ABI.CrossDomainMessenger.parseTransaction({ data });
    return baseGas === null
      ? ABI.SystemConfig.encodeFunctionResult("resourceConfig", [
          [1000, 10, 8, 1_000_000_000, 1_000_000, 2n ** 127n],
        ])
      : ABI.CrossDomainMessenger.encodeFunctionResult("baseGas", [baseGas.args[1] + 50n]);
  });
  return Metering.open(new Node(chain), contracts, minimum);
}

describe("the metering of deposits", () => {
  test("is asked of L1, and what its messenger adds to what an arrival may use", async () => {
    const { bridged, bridgedTokens } = await open();
    expect([bridged, bridgedTokens]).toEqual([150n, 250n]);
  });

  test("refuses what is more than nine tenths of a block's together with what is under way", async () => {
    const metering = await open();
    expect(metering.refusal(901n)).toMatch(/all the gas that L1 takes of one block/);
    const release = metering.buy(800n);
    expect(metering.refusal(100n)).toBeUndefined();
    expect(metering.refusal(101n)).toBeDefined();
    release();
    expect(metering.refusal(900n)).toBeUndefined();
  });

  test("is the customary one where contracts tell nothing", async () => {
    const metering = await open(true);
    expect(metering.bridged).toBe(100n);
    expect(metering.refusal(18_000_000n)).toBeUndefined();
    expect(metering.refusal(18_000_001n)).toBeDefined();
  });
});
