import { describe, expect, test } from "vitest";
import { TransferGas } from "../../../stress/engine/transactions/transfer-gas.ts";
import { type Chain, perChain } from "../../../stress/engine/base/index.ts";
import { Node } from "../../../stress/engine/rpc/index.ts";
import { sweepPrice } from "../../../fixtures/purse/price.ts";
import { deadEndpoint, FakeChain, GWEI, nodeError } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { giving, third } from "../../fakes/giving.ts";
import { OPENING } from "../../fakes/reconciling.ts";
import { account, submitting, transfer } from "../../fakes/submitting.ts";
import { hurry } from "../../fakes/timers.ts";

const [from, to, another] = [addressOf(1), addressOf(2), addressOf(3)];

function asked() {
  const chains = perChain(() => new FakeChain());
  const gas = new TransferGas(perChain((chain) => new Node(chains[chain])));
  const of = (chain: Chain, recipient = to) => gas.of(chain, from, recipient);
  return { chains, gas, of };
}

describe("what a transfer takes", () => {
  test("is estimated once for each chain and recipient", async () => {
    const { chains, of } = asked();
    chains[1].transferGas = 22_004;
    expect(await Promise.all([of(1), of(1), of(2)])).toEqual([22_004n, 22_004n, 21_000n]);
    chains[1].transferGas = 30_000;
    expect([await of(1), await of(1, another)]).toEqual([22_004n, 30_000n]);
    expect([chains[1].asked("eth_estimateGas"), chains[2].asked("eth_estimateGas")]).toEqual([2, 1]);
  });

  test.each([
    ["goes through with 21,000", undefined, 21_000n],
    ["runs out of gas with 21,000", nodeError("out of gas"), 21_001n],
    ["reverts with 21,000", nodeError("execution reverted"), 21_001n],
    ["cannot be tried", deadEndpoint(), 21_001n],
  ])("is what was estimated just above 21,000 only where it %s", async (_, error, gas) => {
    const { chains, of, gas: known } = asked();
    chains[1].transferGas = 21_001;
    const tried: unknown[] = [];
    chains[1].answer("eth_call", (call) => {
      tried.push(call);
      if (error !== undefined) throw error;
      return "0x";
    });
    expect([await of(1), known.most(1)]).toEqual([gas, gas]);
    expect(tried).toEqual([{ from, to, data: "0x", value: "0x1", gas: "0x5208" }]);
  });

  test("is asked for anew where it is to be forgotten", async () => {
    const { chains, gas, of } = asked();
    await of(1);
    chains[1].transferGas = 25_000;
    gas.forget(1, to);
    expect(await of(1)).toBe(25_000n);
  });

  test.each([
    ["a node that does not answer", deadEndpoint()],
    ["one that refuses", nodeError("execution reverted")],
  ])(
    "is what transfers take on that chain where %s cannot tell, and is asked for again",
    async (_, error) => {
      const { chains, gas, of } = asked();
      chains[1].transferGas = 40_000;
      await of(1, another);
      chains[1].answer("eth_estimateGas", () => {
        throw error;
      });
      expect([await of(1), gas.most(1), gas.most(2)]).toEqual([40_000n, 40_000n, 21_000n]);
      chains[1].unanswer("eth_estimateGas");
      chains[1].transferGas = 22_000;
      expect(await of(1)).toBe(22_000n);
    },
  );
});

test("an account too poor to be told keeps nobody else from it who asks at the same time", async () => {
  const { chains, gas } = asked();
  chains[1].transferGas = 25_000;
  chains[1].answer("eth_estimateGas", (call) => {
    if ((call as { from: string }).from !== another)
      throw nodeError("Sender doesn't have enough funds to send tx");
    return chains[1].real("eth_estimateGas", [call]);
  });
  const askers = [from, from, another, from].map((who) => gas.of(1, who, to));
  expect(await Promise.all(askers)).toEqual([21_000n, 21_000n, 25_000n, 25_000n]);
});

describe("where a transfer takes more than 21,000 gas", () => {
  test("a payment has that much, and a fee bound is never below it", async () => {
    const { submitter, chain } = await submitting();
    const before = submitter.feeBound(1, 21_000n);
    chain.transferGas = 60_000;
    const purpose = { kind: "filler" } as const;
    const sent = await hurry(submitter.submit(account, 1, transfer, { purpose }));
    expect([sent.gasEstimated, chain.sent[0]?.gasLimit]).toEqual([60_000n, 60_000n]);
    expect(submitter.feeBound(1, 21_000n)).toBeGreaterThan(before);
    expect(submitter.feeBound(1, 21_000n)).toBe(submitter.feeBound(1, 60_000n));
  });

  test("a sweep leaves exactly that much of its fee, and sends it", async () => {
    const { engine, chains, give, returning } = await giving();
    for (const chain of [1, 2] as const) chains[chain].transferGas = 22_004;
    const price = 4n * GWEI;
    expect(await sweepPrice(engine, 1, third.address, account.address)).toEqual({
      gasPrice: price,
      cost: 22_004n * price,
    });
    await give([returning(third)]);
    expect(chains[1].sent.map(({ gasLimit, value }) => [gasLimit, value])).toEqual([
      [22_004n, OPENING - 22_004n * price],
    ]);
  });
});
