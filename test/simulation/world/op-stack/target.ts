import type { Account } from "../../../../stress/engine/transactions/index.ts";
import { parseTarget } from "../../../../targets/load.ts";
import type { Target } from "../../../../targets/target.ts";
import { getAddress } from "ethers";
import { AT } from "./contracts.ts";

/** The addresses that the chains themselves do not tell, by the names that targets have for them. */
const ADDRESSES = {
  Proxy__L1Teleportation: getAddress(AT.fastBridge[1]),
  Proxy__L2Teleportation: getAddress(AT.fastBridge[2]),
  L1ERC20: getAddress(AT.token[1]),
  L2ERC20: getAddress(AT.token[2]),
};

/** The target of a simulated run: each chain has its own host, and the funder is whoever has the money. */
export const targetOf = (funder: Account): Target =>
  parseTarget(
    JSON.stringify({
      name: "simulated",
      protocol: "op-stack",
      l1: { endpoint: "http://l1" },
      l2: { endpoint: "http://l2" },
      addresses: ADDRESSES,
      funder: { key: funder.revealKey() },
      shares: { l1: { FO: 25, SO: 30, TO: 15 }, l2: { FX: 25, SX: 30, TX: 15 } },
      funding: { perChildEth: 1 },
      limits: { toleratedFailures: 0 },
    }),
    "simulated.json",
    {},
  );
