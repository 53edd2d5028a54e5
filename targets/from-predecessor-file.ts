import { resolve } from "node:path";
import { z } from "zod";
import { type Chain, perChain, weiOf } from "../stress/engine/base/index.ts";
import { protocolName } from "../fixtures/local-stack/index.ts";
import { PREDECESSOR } from "../stress/protocols/index.ts";
import { accountOf } from "./account.ts";
import type { predecessorFile } from "./schema.ts";
import type { AddressSource, Target } from "./target.ts";

type PredecessorFile = z.output<typeof predecessorFile>;

/** What the predecessor had as constants in its code. */
const LIMITS = {
  toleratedFailures: 0,
  slowAfter: 600_000,
  stuckAfter: 1_800_000,
  giveUpAfter: 2_700_000,
  endpointDeadAfter: 60_000,
};
const FUNDING = {
  minimumBalance: weiOf(0.025),
  perChild: weiOf(0.5),
  batch: 500,
  bridge: z.object(PREDECESSOR.funding).parse({}),
};
const STATISTICS_MS = 30_000;

/** What the predecessor's target format says, or undefined with the reasons added to `mistakes`. */
export function fromPredecessorFile(
  file: PredecessorFile,
  folder: string,
  mistakes: string[],
): Target | undefined {
  if (file.ng_enabled === true) {
    mistakes.push("ng_enabled: that prototype was never released; remove the key or set it to false");
  }
  const funder = accountOf("funder_acct", file.funder_acct[1], file.funder_acct[0], mistakes);
  const addresses = addressesOf(file, folder);
  if (addresses === undefined)
    mistakes.push("addresses: give one of addresses, address_file and address_server");
  if (funder === undefined || addresses === undefined) return undefined;
  const at = <T>(values: readonly T[], chain: Chain): T | undefined => values[chain - 1];
  return {
    name: file.name,
    protocol: protocolName.parse(PREDECESSOR.name),
    place: {
      kind: "endpoints",
      addresses,
      chains: perChain((chain) => ({
        endpoints: [at(file.endpoints, chain) ?? ""],
        chainId: undefined,
        confirmations: at(file.confirmations, chain) ?? 0,
        gasMultiplier: at(file.gas_mult, chain) ?? 1,
        batchGasPriceGwei: at(file.gas_price_gwei ?? [], chain),
      })),
    },
    funder,
    startChain: file.start_chain,
    shares: sharesOf(file),
    dispatchInterval: file.op_delay * 1000,
    statisticsEvery: STATISTICS_MS,
    leaveWithdrawals: false,
    gate: undefined,
    allowMainnet: false,
    limits: { maxFund: weiOf(file.max_fund_eth), ...LIMITS },
    funding: FUNDING,
  };
}

/** Its first share stood for adding liquidity; a child that has some removes it with the same share. */
function sharesOf({ op_pct: [onL1, onL2] }: PredecessorFile): Target["shares"] {
  return {
    1: { AL: onL1[0], RL: onL1[0], FO: onL1[1], SO: onL1[2] },
    2: { AL: onL2[0], RL: onL2[0], FX: onL2[1], SX: onL2[2] },
  };
}

function addressesOf(file: PredecessorFile, folder: string): AddressSource | undefined {
  if (file.addresses !== undefined) return { from: "inline", addresses: file.addresses };
  if (file.address_file !== undefined) return { from: "file", path: resolve(folder, file.address_file) };
  if (file.address_server !== undefined) return { from: "server", url: file.address_server };
  return undefined;
}
