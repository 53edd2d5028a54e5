import { parseEther } from "ethers";
import { Account } from "../../stress/engine/transactions/account.ts";
import type { Chain } from "../../stress/engine/base/chain.ts";
import { Child } from "../../stress/engine/run/child.ts";
import { Ledger } from "../../stress/engine/ledger/ledger.ts";
import type { Net } from "../../stress/protocols/operation.ts";
import { contracts } from "./contracts.ts";

const funder = new Account(`0x${"5e".repeat(32)}`);

/** What a child of the tests has. Wei. */
export interface Purse {
  readonly number?: number;
  readonly on?: Chain;
  readonly balance?: Partial<Record<Chain, bigint>>;
  readonly stake?: Partial<Record<Chain, bigint>>;
  readonly tokens?: bigint;
}

/** A real child with a ledger of its own: 1 ETH on chain 1, where it is, but for what is said. */
export function childWith({
  number = 0,
  on = 1,
  balance = { 1: parseEther("1") },
  stake,
  tokens,
}: Purse): Child {
  const ledger = new Ledger();
  const child = new Child(number, funder.deriveChild(1, number), on, ledger);
  for (const chain of [1, 2] as const)
    opened(ledger, child.address, chain, balance[chain], stake?.[chain], chain === 2 ? tokens : 0n);
  return child;
}

/** Takes an account up as of block 0. */
export function opened(
  ledger: Ledger,
  account: string,
  chain: Chain,
  balance = 0n,
  stake = 0n,
  tokens = 0n,
): void {
  ledger.open(account, chain, 0);
  ledger.setOpening(account, chain, { balance, stake, tokens });
}

/** Surroundings in which everything is possible: three children, full pools, 1 gwei a gas. */
export const netWith = (own: Partial<Net> = {}): Net => ({
  contracts,
  funder: funder.address,
  children: [0, 1, 2].map((number) => funder.deriveChild(1, number).address),
  minimumBalance: parseEther("0.025"),
  feeBound: (_, gas) => gas * 10n ** 9n,
  poolFree: () => parseEther("100"),
  mayLeaveL2: () => true,
  ...own,
});
