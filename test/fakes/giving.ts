import { onTestFinished, vi } from "vitest";
import { Funder } from "../../fixtures/purse/funder.ts";
import { type GivenBack, giveBack } from "../../fixtures/purse/give-back.ts";
import type { Returning } from "../../fixtures/purse/return-accounts.ts";
import { CHAINS, type Chain } from "../../stress/engine/base/index.ts";
import type { Account } from "../../stress/engine/transactions/index.ts";
import { GWEI } from "./chain.ts";
import { OPENING, other, reconciling } from "./reconciling.ts";
import { account as funderAccount, purpose } from "./submitting.ts";
import { hurry } from "./timers.ts";

/** A sweep pays for 21,000 gas at 4 gwei, all of which the fake chain takes if it charges its 50,000 this much each. */
export const SWEEP_FEE = 21_000n * 4n * GWEI;
const PRICE = SWEEP_FEE / 50_000n;

/** An account that the engine does not know before. */
export const third = funderAccount.deriveChild(1, 2);

const never = new AbortController().signal;

/** An engine on two chains that mine what is sent at once; three accounts have 1 ETH on each, the funder's among them. */
export async function giving() {
  const all = await reconciling();
  const { engine, chains } = all;
  for (const chain of CHAINS) {
    chains[chain].genesis.set(third.address, OPENING);
    chains[chain].answer("eth_sendRawTransaction", (...params) => {
      const hash = chains[chain].real("eth_sendRawTransaction", params);
      chains[chain].minePending({ price: PRICE });
      return hash;
    });
  }
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const sent: string[] = [];

  /** An account whose transactions are sent and waited for, and no more. */
  const returning = (account: Account, own: Partial<Returning> = {}): Returning => ({
    address: account.address,
    send: async (chain, code, plan) => {
      sent.push(`${nameOf(account)} ${code} L${chain}`);
      const transaction = await engine.submitter.submit(account, chain, plan, { purpose });
      return (await transaction.mined(never)).succeeded;
    },
    ...own,
  });

  const give = (accounts: readonly Returning[], atOnce = 50, dust = 0n): Promise<GivenBack> =>
    hurry(giveBack(engine, new Funder(engine), accounts, { atOnce, dust, signal: never }));

  const balanceOf = async ({ address }: Account, chain: Chain): Promise<bigint> =>
    BigInt(String(chains[chain].real("eth_getBalance", [address, "latest"])));
  return { ...all, funds: engine.bridge.funds, sent, returning, give, balanceOf };
}

const nameOf = (account: Account): string => (account === other ? "other" : "third");
