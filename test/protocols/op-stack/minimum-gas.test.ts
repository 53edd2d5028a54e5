import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import { perChain } from "../../../stress/engine/base/chain.ts";
import { Node } from "../../../stress/engine/rpc/index.ts";
import { aliasOf } from "../../../stress/protocols/op-stack/alias.ts";
import { MinimumGas } from "../../../stress/protocols/op-stack/minimum-gas.ts";
import { FakeChain, nodeError } from "../../fakes/chain.ts";
import { child, contracts } from "./made-up.ts";

/** What a call that is estimated names. */
interface Call {
  readonly from: string;
  readonly to: string;
  readonly gasPrice?: string;
}

/** The minimum gas by an L2 that estimates as the test says. */
async function opened(estimate: (call: Call) => bigint) {
  const chains = perChain(() => new FakeChain());
  const calls: Call[] = [];
  chains[2].answer("eth_estimateGas", (call) => {
    calls.push(call as Call);
    return toQuantity(estimate(call as Call));
  });
  const nodes = perChain((chain) => new Node(chains[chain]));
  return { gas: await MinimumGas.open(nodes, contracts), calls };
}

describe("the gas that an arrival may use", () => {
  test("is what L2 says that its relay takes, with what its value takes and a fifth more", async () => {
    const { gas, calls } = await opened(() => 100_000n);
    expect(gas.bridged).toBe(((100_000n + 43_000n) * 6n) / 5n);
    // As the sequencer calls it, by nobody who could pay.
    expect(calls[0]).toMatchObject({
      from: aliasOf(contracts.messenger[1]),
      to: contracts.messenger[2],
      gasPrice: "0x0",
    });
  });

  test("is what is customary where a node makes no estimate for a sender without money", async () => {
    const { gas } = await opened(() => {
      throw nodeError("insufficient funds for gas * price + value");
    });
    expect(gas.bridged).toBe(240_000n);
    expect(await gas.paid(child)).toBe(25_200n);
  });

  test("of a payment through the portal is that of a transfer to whom it pays, whatever code is there", async () => {
    const { gas } = await opened(({ to }) => (to === child ? 60_000n : 100_000n));
    expect(await gas.paid(child)).toBe(72_000n);
  });

  test("is not known of a node that does not answer: it is asked again by who needs it", async () => {
    await expect(
      opened(() => {
        throw nodeError("request timed out", -32_002);
      }),
    ).rejects.toThrow();
  });
});
