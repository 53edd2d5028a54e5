import { Contract, parseEther } from "ethers";
import { expect, onTestFinished, test } from "vitest";
import { CHAINS, type PerChain, perChain, perChainAsync } from "../../../stress/engine/base/chain.ts";
import type { Performed } from "../../../stress/engine/events.ts";
import { BALANCE } from "../../../stress/engine/ledger/index.ts";
import { costOf } from "../../../stress/engine/rpc/index.ts";
import type { DrivenChild } from "../../../stress/engine/run/index.ts";
import { TOKENS } from "../../../stress/protocols/erc20.ts";
import { movesOf } from "../../../stress/engine/transactions/index.ts";
import { openOpStack, opStackTarget, runOn, type TestBed } from "../../run/running.ts";

const AMOUNTS: Readonly<Record<string, bigint>> = {
  FO: parseEther("0.05") + 3n,
  FX: parseEther("0.01") + 5n,
  TO: parseEther("7") + 1n,
  TX: parseEther("3") + 1n,
};

/** How a proof is told on each generation of contracts. */
const PROOFS: Readonly<Record<string, RegExp>> = {
  oracle: /^# prove=TX child=000 tx=0x[0-9a-f]{64} output=\d+$/m,
  games: /^# prove=TX child=000 tx=0x[0-9a-f]{64} game=0x[0-9a-fA-F]{40} type=1$/m,
  super: /^# prove=TX child=000 tx=0x[0-9a-f]{64} game=0x[0-9a-fA-F]{40} type=[59]$/m,
};

async function opened(generation = "games"): Promise<TestBed> {
  // Games by time need clocks that agree: L1's runs ahead where its blocks are shorter than a second.
  const bed = await openOpStack({ generation, ...(generation === "super" ? { l1BlockTime: 1000 } : {}) });
  onTestFinished(() => bed.close());
  return bed;
}

/** Tells what an account has of an asset on both chains, as the chains say. */
async function reader(bed: TestBed): Promise<(asset: string, address: string) => Promise<PerChain<bigint>>> {
  const page = await fetch(`${bed.spawned.description.addresses}/addresses.json`);
  const { L1ERC20, L2ERC20 } = (await page.json()) as Record<"L1ERC20" | "L2ERC20", string>;
  const abi = ["function balanceOf(address) view returns (uint256)"];
  const tokens = perChain((chain) => {
    const contract = new Contract(chain === 1 ? L1ERC20 : L2ERC20, abi, bed.providers[chain]);
    return contract.getFunction("balanceOf");
  });
  return (asset, address) =>
    perChainAsync(async (chain) =>
      asset === BALANCE
        ? bed.providers[chain].getBalance(address)
        : BigInt(String(await tokens[chain].staticCall(address))),
    );
}

/** What an operation did to its child by its steps' plans, fees and payouts. */
function changeBy(performed: Performed, { address }: DrivenChild, asset: string): PerChain<bigint> {
  const change = { 1: 0n, 2: 0n };
  for (const { chain, plan, receipt, crossing, end } of performed.steps) {
    if (asset === BALANCE) change[chain] -= costOf(receipt);
    for (const move of movesOf(plan))
      if ((move.account ?? address) === address && move.asset === asset) change[chain] += move.amount;
    if (crossing?.asset === asset && end?.kind === "paid") change[end.chain] += end.amount;
  }
  return change;
}

test.each(["oracle", "games", "super"])(
  "on contracts of the generation %s a child goes there and back fast and with tokens, to the wei and the token",
  async (generation) => {
    const bed = await opened(generation);
    const owned = await reader(bed);
    const codes = ["FO", "FX", "TO", "TX", "TO"];
    const steps: Record<string, readonly string[]> = {};
    const { result, opLog } = await runOn(bed, {
      target: opStackTarget(),
      children: 2,
      startChain: 1,
      duration: Number.POSITIVE_INFINITY,
      drive: async ([child]) => {
        if (child === undefined) throw new Error("no child to drive");
        for (const code of codes) {
          const amount = AMOUNTS[code];
          const before = [await owned(BALANCE, child.address), await owned(TOKENS, child.address)];
          const performed = await child.perform(code, { amount });
          expect(performed.outcome, code).toEqual({ kind: "succeeded" });
          steps[code] = performed.steps.map(({ crossing }) => crossing?.way ?? "-");
          for (const [at, asset] of [BALANCE, TOKENS].entries()) {
            const after = await owned(asset, child.address);
            const expected = changeBy(performed, child, asset);
            for (const chain of CHAINS)
              expect(after[chain] - (before[at]?.[chain] ?? 0n), `${code}, ${asset} on L${chain}`).toBe(
                expected[chain],
              );
          }
        }
      },
    });
    expect(result.problems).toEqual([]);
    // The second time the tokens may be taken already.
    expect(steps).toEqual({ FO: ["fast"], FX: ["fast"], TX: ["token", "-", "-"], TO: ["token"] });
    expect(opLog.match(/^# approval=TO child=000 /gm)).toHaveLength(1);
    expect(opLog).toMatch(/^# withdrawal=TX child=000 hash=0x[0-9a-f]{64} message=0x[0-9a-f]{64}$/m);
    expect(opLog).toMatch(PROOFS[generation] ?? /never/);
    expect(opLog).toMatch(/^# finalize=TX child=000 tx=0x[0-9a-f]{64}$/m);
    expect(result).toConserveFunds();
    expect(result).toPayExactlyOnce({ inFlight: 0, settledBack: 0 });
    expect(result.audit.counts["paid once"]).toBe(codes.length);
    expect([result.ledger.unaccounted, result.ledger.unaccountedTokens]).toEqual([
      { 1: 0n, 2: 0n },
      { [TOKENS]: { 1: 0n, 2: 0n } },
    ]);
    expect([result.clean, result.failed]).toEqual([true, []]);
  },
  180_000,
);

test("the tokens that children were given are the funder's again, where they are", async () => {
  const bed = await opened();
  const owned = await reader(bed);
  const { funder } = opStackTarget();
  const before = await owned(TOKENS, funder.address);
  const { result } = await runOn(bed, {
    target: opStackTarget(),
    children: 3,
    duration: 4000,
    shares: { 1: { TO: 50, FO: 30 }, 2: { TX: 40, FX: 30 } },
  });
  expect([result.clean, result.problems]).toEqual([true, []]);
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce({ inFlight: 0 });
  const after = await owned(TOKENS, funder.address);
  expect(after[1] + after[2]).toBe(before[1] + before[2]);
});

test("where no token and no fast bridge is listed, slow crossings take the place of fast ones, and the journal says why", async () => {
  const bed = await opened();
  const stack = { ...bed.stack, addresses: { from: "chains" } } as const;
  const { result, opLog, printed } = await runOn(
    { ...bed, stack },
    {
      target: opStackTarget(),
      children: 4,
      operations: 16,
      shares: { 1: { FO: 30, TO: 100 }, 2: { FX: 30, TX: 100 } },
      duration: 20_000,
    },
  );
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce({ inFlight: 0 });
  expect([result.clean, result.failed]).toEqual([true, []]);
  expect(opLog).toMatch(
    /^# refused=F(?:O child=\d{3} instead=SO|X child=\d{3} instead=SX) reason=the-target-has-no-fast-bridge$/m,
  );
  expect(opLog).toMatch(/^# refused=T[OX] child=\d{3} instead=PY reason=the-target-has-no-token$/m);
  expect(printed.join("\n")).not.toMatch(/no tokens/);
});
