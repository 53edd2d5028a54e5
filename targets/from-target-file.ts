import { resolve } from "node:path";
import { HDNodeWallet, parseEther } from "ethers";
import type { z } from "zod";
import { parseDuration } from "../tools/options.mjs";
import { accountOf } from "./account.ts";
import { forked } from "./fork.ts";
import type { targetFile } from "./schema.ts";
import type { AddressSource, ChainTarget, Fork, OwnPlace, Target } from "./target.ts";

type TargetFile = z.output<typeof targetFile>;

/** Test account that funds runs on the local stack, as on the predecessor's local target. */
const LOCAL_FUNDER = 5;

/** The well-known mnemonic of Ethereum development chains: no secret. */
export const TEST_MNEMONIC = "test test test test test test test test test test test junk";

const DEFAULT_SHARES = { l1: { AL: 5, RL: 5, FO: 20, SO: 20 }, l2: { AL: 5, RL: 5, FX: 20, SX: 20 } };

const LOCAL_STATISTICS_MS = 5000;
const STATISTICS_MS = 30_000;

/** Wei of a number of ether as JSON has it. */
export const wei = (ether: number): bigint =>
  // The shortest decimal that is this number, as the file has it; toFixed would show the binary fraction.
  parseEther(ether.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 18 }));

const ms = (text: string): number => parseDuration(text) ?? 0;

/** What our own target format says, or undefined with the reasons added to `faults`. */
export function fromTargetFile(file: TargetFile, folder: string, faults: string[]): Target | undefined {
  const place = placeOf(file, folder, faults);
  const funder = funderOf(file, faults);
  if (place === undefined || funder === undefined) return undefined;
  const { limits, funding } = file;
  const shares = file.shares ?? DEFAULT_SHARES;
  const target: Target = {
    name: file.name,
    protocol: file.protocol,
    place,
    funder,
    startChain: file.startChain,
    shares: { 1: defined(shares.l1), 2: defined(shares.l2) },
    dispatchInterval: ms(file.dispatchInterval),
    statisticsEvery:
      file.statisticsEvery !== undefined
        ? ms(file.statisticsEvery)
        : place.kind === "local stack"
          ? LOCAL_STATISTICS_MS
          : STATISTICS_MS,
    allowMainnet: file.allowMainnet,
    limits: {
      maxFund: wei(limits.maxFundEth),
      toleratedFailures: limits.toleratedFailures,
      slowAfter: ms(limits.slowAfter),
      stuckAfter: ms(limits.stuckAfter),
      giveUpAfter: ms(limits.giveUpAfter),
      endpointDeadAfter: ms(limits.endpointDeadAfter),
    },
    funding: {
      minimumBalance: wei(funding.minimumBalanceEth),
      perChild: wei(funding.perChildEth),
      batch: funding.batch,
      poolMinimum: wei(funding.poolMinimumEth),
    },
  };
  return file.fork === undefined ? target : forked(target, forkOf(file.fork));
}

function forkOf({
  l1Block,
  l2Block,
  margin,
  ...settings
}: NonNullable<TargetFile["fork"]>): Omit<Fork, "of"> {
  return { blocks: { 1: l1Block, 2: l2Block }, margin, settings };
}

function placeOf(file: TargetFile, folder: string, faults: string[]): OwnPlace | undefined {
  const sources: (AddressSource | undefined)[] = [
    file.addresses && { from: "inline", addresses: file.addresses },
    file.addressFile === undefined ? undefined : { from: "file", path: resolve(folder, file.addressFile) },
    file.addressServer === undefined ? undefined : { from: "server", url: file.addressServer },
  ];
  const given = sources.filter((source) => source !== undefined);
  if (file.stack !== undefined) {
    if (file.l1 ?? file.l2 ?? given[0])
      faults.push("stack: stands in place of l1, l2 and addresses; give either");
    return { kind: "local stack", settings: file.stack };
  }
  const [addresses] = given;
  if (file.l1 === undefined) faults.push("l1: missing (or give stack to run on the embedded local stack)");
  if (file.l2 === undefined) faults.push("l2: missing");
  if (given.length !== 1) faults.push("addresses: give just one of addresses, addressFile and addressServer");
  if (file.l1 === undefined || file.l2 === undefined || addresses === undefined) return undefined;
  return { kind: "endpoints", chains: { 1: chainOf(file.l1), 2: chainOf(file.l2) }, addresses };
}

const chainOf = ({ endpoint, ...chain }: NonNullable<TargetFile["l1"]>): ChainTarget => ({
  ...chain,
  endpoints: typeof endpoint === "string" ? [endpoint] : endpoint,
  chainId: chain.chainId,
  batchGasPriceGwei: undefined,
});

function funderOf(file: TargetFile, faults: string[]): Target["funder"] | undefined {
  if (file.funder !== undefined) return accountOf("funder", file.funder.key, file.funder.address, faults);
  if (file.stack === undefined) {
    faults.push("funder: missing");
    return undefined;
  }
  const wallet = HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${LOCAL_FUNDER}`);
  return { address: wallet.address, key: wallet.privateKey };
}

const defined = (shares: Readonly<Record<string, number | undefined>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(shares).flatMap(([code, share]) => (share === undefined ? [] : [[code, share]])),
  );
