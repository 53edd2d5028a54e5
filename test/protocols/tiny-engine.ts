import { toBeHex, toQuantity } from "ethers";
import { onTestFinished } from "vitest";
import { drawsOf, perChain, perChainAsync } from "../../stress/engine/base/index.ts";
import type { Performed } from "../../stress/engine/events.ts";
import type { TxHash } from "../../stress/engine/rpc/index.ts";
import { type Engine, startEngine } from "../../stress/engine/run/index.ts";
import { Child } from "../../stress/engine/run/child.ts";
import { Performer } from "../../stress/engine/run/performer.ts";
import type { Operation, RunView } from "../../stress/protocols/operation.ts";
import { FakeChain, feeAt } from "../fakes/chain.ts";
import { FakeClock } from "../fakes/clock.ts";
import { account as funder } from "../fakes/submitting.ts";
import { resetTimers, settled, wakeAll } from "../fakes/timers.ts";
import { AMOUNT, arrivalOf, crossing, GATE, left, readPoints, tiny, TinyBridge } from "./tiny.ts";

export const ETHER = 10n ** 18n;

export const OPERATOR_WEI = 12_345n;

/** What accounts have of points on a chain, as of each block. */
class PointsBook {
  readonly #entries: { readonly account: string; readonly block: number; readonly amount: bigint }[] = [];

  add(account: string, block: number, amount: bigint): void {
    this.#entries.push({ account, block, amount });
  }

  answersOf(chain: FakeChain): void {
    chain.answer("eth_call", (call, block) => {
      const { data } = call as { data: string };
      const last = block === "latest" ? chain.head : Number(block);
      const own = this.#entries.filter((one) => readPoints(one.account) === data && one.block <= last);
      return toBeHex(
        own.reduce((sum, { amount }) => sum + amount, 0n),
        32,
      );
    });
  }
}

/** The engine on two fake chains with the tiny protocol, and a child that has 1 ETH and some points on the first. */
export async function running(hasBlockReceipts: boolean) {
  const clock = new FakeClock();
  const chains = perChain(() => new FakeChain());
  const points = perChain(() => new PointsBook());
  const account = funder.deriveChild(1, 0);
  for (const chain of [1, 2] as const) {
    chains[chain].hasBlockReceipts = hasBlockReceipts;
    points[chain].answersOf(chains[chain]);
    chains[chain].genesis.set(account.address, ETHER);
  }
  points[1].add(account.address, 0, 3n * AMOUNT);
  const options = perChain((chain) => ({
    rpc: chains[chain],
    chainId: BigInt(chain),
    confirmations: 0,
    gasMultiplier: 1,
    deadAfter: 60_000,
    log: () => undefined,
  }));
  const engine = await startEngine({
    chains: options,
    protocol: tiny,
    addresses: { gate: GATE },
    funding: {},
    funder,
    clock,
  });
  onTestFinished(async () => {
    await perChainAsync((chain) => engine.watchers[chain].close());
    resetTimers();
  });
  const child = new Child(0, account, 1, engine.ledger);
  await engine.openAccounts([child.address]);
  await settled();
  return { clock, chains, points, engine, child };
}

export type Running = Awaited<ReturnType<typeof running>>;

export const viewOf = ({ bridge }: Engine, { address }: Child): RunView<TinyBridge> => {
  if (!(bridge instanceof TinyBridge)) throw new Error("another bridge was opened");
  return {
    bridge,
    funder: funder.address,
    children: [address],
    minimumBalance: 1n,
    feeBound: (_, gas) => gas,
    mayLeaveL2: () => true,
  };
};

/** What its receipt has of the operator's fee. */
const TOLD = { operatorFee: toQuantity(OPERATOR_WEI) };

/** Mines the child's deposit: it costs gas and the operator's fee, and takes points. */
export async function mineDeposit(
  { chains, points, child }: Running,
  fields: object = TOLD,
): Promise<TxHash> {
  const hash = chains[1].sent.at(-1)?.hash as TxHash;
  points[1].add(child.address, chains[1].head + 1, -AMOUNT);
  chains[1].mine({
    hash,
    logs: [left(child.address, AMOUNT)],
    balances: { [child.address]: -feeAt() - OPERATOR_WEI },
    fields: { ...fields },
  });
  await wakeAll(2);
  return hash;
}

/** What a deposit becomes on the second chain: a transaction without any event. */
export async function mineArrival(
  { chains, points, child }: Running,
  deposit: TxHash,
  brought: bigint,
): Promise<void> {
  points[2].add(child.address, chains[2].head + 1, brought);
  chains[2].mine({ hash: arrivalOf(deposit) });
  await wakeAll(2);
}

/** Performs an operation of the child's. */
export function perform({ engine, child }: Running, operation: Operation<TinyBridge>): Promise<Performed> {
  const { code, to } = operation;
  const steps = operation.steps(child, viewOf(engine, child), drawsOf(1, 0, 0));
  const { signal } = new AbortController();
  return new Performer(engine).perform(child, { code, to, account: child.account, steps, signal });
}

/** Performs the crossing of the child. */
export const begin = (all: Running): Promise<Performed> => perform(all, crossing);
