import type { Chain } from "../../stress/engine/base/index.ts";
import type { RunPlan } from "../../stress/engine/run/plan.ts";
import type { TransactionPlan } from "../../stress/engine/transactions/index.ts";
import type { Step, StepEnd, Steps } from "../../stress/protocols/operation.ts";
import { payment } from "../../stress/protocols/payment.ts";
import type { FakeTransaction } from "./chain.ts";
import { addressOf } from "./contracts.ts";
import { performing } from "./performing.ts";
import { settled, wakeAll } from "./timers.ts";

/** A call to a contract that takes nothing along, with gas that is known. */
export const callWith = (gas: bigint): TransactionPlan => ({
  to: addressOf(90),
  data: "0x12345678",
  value: 0n,
  moves: [],
  gas,
});

/** The plan of a run of two children on chain 2 that pay, for ever, and may fail as often as they like. */
export const runPlan = (own: Partial<RunPlan> = {}): RunPlan => ({
  scenario: "test",
  seed: 1,
  children: 2,
  inFlight: 1,
  choices: [payment],
  startChainOf: () => 2,
  shares: { 1: {}, 2: {} },
  duration: Number.POSITIVE_INFINITY,
  operations: Number.POSITIVE_INFINITY,
  dispatchInterval: 0,
  minimumBalance: 1n,
  limits: { toleratedFailures: 1000, slowAfter: 10_000, stuckAfter: 10_000, giveUpAfter: 10_000 },
  ...own,
});

/** How an operation of a test's own is performed. */
interface Begun {
  readonly to?: Chain;
  readonly signal?: AbortSignal;
}

/** A performer between two fake chains of operations that are a test's own: as the steps it names. */
export async function stepping() {
  const all = await performing();
  const { chains, child, performer, lines } = all;
  /** How often a step was asked for, what became of each, and how often what was set aside was released. */
  const told = { asked: 0, ends: [] as StepEnd[], released: 0 };

  async function* watched(steps: readonly (() => Step)[]): Steps {
    try {
      for (const step of steps) {
        told.asked++;
        told.ends.push(yield step());
      }
    } finally {
      told.released++;
    }
  }

  /** Begins an operation of the child, with the code of a slow exit. */
  const beginSteps = (steps: readonly (() => Step)[], own: Begun = {}) => {
    const { to, signal = new AbortController().signal } = own;
    return performer.perform(child, {
      code: "SX",
      to,
      account: child.account,
      steps: watched(steps),
      signal,
    });
  };

  /** Keeps what the journal's last line was when each transaction was handed to a chain. */
  const writtenBefore = (chain: Chain): string[] => {
    const written: string[] = [];
    chains[chain].answer("eth_sendRawTransaction", (...params) => {
      written.push(lines().at(-1) ?? "");
      return chains[chain].real("eth_sendRawTransaction", params);
    });
    return written;
  };

  /** Mines what was sent to a chain and is not mined yet, and has it read; gives its hash. */
  const mine = async (
    chain: Chain,
    own: Pick<FakeTransaction, "reverted" | "fields"> = {},
  ): Promise<string> => {
    await settled();
    const [hash, ...more] = chains[chain].minePending(own);
    if (hash === undefined || more.length > 0) throw new Error("wants one transaction");
    await wakeAll();
    return hash;
  };
  return { ...all, told, beginSteps, writtenBefore, mine };
}
