import type { Chain } from "../../../../stress/engine/base/index.ts";
import type { Account } from "../../../../stress/engine/transactions/index.ts";
import { parseTarget } from "../../../../targets/load.ts";
import type { Target } from "../../../../targets/target.ts";
import { contracts } from "../../../fakes/contracts.ts";

/** The address book of the simulated bridge, by the names that targets have for it. */
const ADDRESSES = {
  Proxy__L1LiquidityPool: contracts.addresses.l1Pool,
  Proxy__L2LiquidityPool: contracts.addresses.l2Pool,
  Proxy__L1StandardBridge: contracts.addresses.l1Bridge,
  Proxy__L1CrossDomainMessenger: contracts.addresses.l1Messenger,
  Proxy__L1CrossDomainMessengerFast: contracts.addresses.fastMessenger,
  CanonicalTransactionChain: contracts.addresses.ctc,
  StateCommitmentChain: contracts.addresses.scc,
};

const endpointOf = (chain: Chain): string => `http://l${chain}`;

/** The target of a simulated run: each chain has its own host, and the funder is whoever has the money. */
export const targetOf = (funder: Account): Target =>
  parseTarget(
    JSON.stringify({
      name: "simulated",
      l1: { endpoint: endpointOf(1) },
      l2: { endpoint: endpointOf(2) },
      addresses: ADDRESSES,
      funder: { key: funder.revealKey() },
      shares: { l1: { AL: 10, RL: 30, FO: 25, SO: 20 }, l2: { AL: 10, RL: 30, FX: 25, SX: 15 } },
      funding: { poolMinimumEth: 5, perChildEth: 1 },
      limits: { toleratedFailures: 0 },
    }),
    "simulated.json",
    {},
  );
