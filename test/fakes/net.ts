import { parseEther } from "ethers";
import type { Chain } from "../../stress/engine/base/index.ts";
import { BALANCE, Ledger } from "../../stress/engine/ledger/index.ts";
import { Child } from "../../stress/engine/run/child.ts";
import { Account } from "../../stress/engine/transactions/index.ts";
import type { RunView } from "../../stress/protocols/operation.ts";
import { type OvmView, STAKE, TOKENS } from "../../stress/protocols/ovm2/operation.ts";
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
  ledger.setOpening(account, chain, { [BALANCE]: balance, [STAKE]: stake, [TOKENS]: tokens });
}

/** A legacy bridge in which everything is possible: full pools, no exit fee. */
export const bridgeWith = (own: Partial<OvmView> = {}): OvmView => ({
  contracts,
  exitFee: undefined,
  approvals: new Set(),
  poolFree: () => parseEther("100"),
  owe: () => () => undefined,
  ...own,
});

/** A run in which everything is possible: three children, 1 gwei a gas. */
export const runWith = (
  own: Partial<RunView<OvmView>> = {},
  bridge: Partial<OvmView> = {},
): RunView<OvmView> => ({
  bridge: bridgeWith(bridge),
  funder: funder.address,
  children: [0, 1, 2].map((number) => funder.deriveChild(1, number).address),
  minimumBalance: parseEther("0.025"),
  feeBound: (_, gas) => gas * 10n ** 9n,
  mayLeaveL2: () => true,
  ...own,
});
