import { resolve } from "node:path";
import { HDNodeWallet } from "ethers";
import type { z } from "zod";
import { protocolName } from "../fixtures/local-stack/index.ts";
import { type Chain, weiOf, parseDuration } from "../stress/engine/base/index.ts";
import type { Protocol } from "../stress/protocols/protocol.ts";
import { accountOf } from "./account.ts";
import { forked } from "./fork.ts";
import type { targetFileOf } from "./schema.ts";
import type { AddressSource, ChainTarget, Fork, OwnPlace, Target } from "./target.ts";

type TargetFile = z.output<ReturnType<typeof targetFileOf>>;

/** Test account that funds runs on the local stack, as on the predecessor's local target. */
const LOCAL_FUNDER = 5;

/** The well-known mnemonic of Ethereum development chains: no secret. */
export const TEST_MNEMONIC = "test test test test test test test test test test test junk";

const LOCAL_STATISTICS_MS = 5000;
const STATISTICS_MS = 30_000;

const ms = (text: string): number => parseDuration(text) ?? 0;

/** What our own target format says, or undefined with the reasons added to `mistakes`. */
export function fromTargetFile(
  file: TargetFile,
  protocol: Protocol,
  folder: string,
  mistakes: string[],
): Target | undefined {
  const place = placeOf(file, protocol, folder, mistakes);
  const funder = funderOf(file, mistakes);
  if (place === undefined || funder === undefined) return undefined;
  const { limits } = file;
  const { minimumBalanceEth, perChildEth, batch, ...bridge } = file.funding;
  const target: Target = {
    name: file.name,
    protocol: protocolName.parse(protocol.name),
    place,
    funder,
    startChain: file.startChain,
    shares:
      file.shares === undefined
        ? { 1: defaultShares(protocol, 1), 2: defaultShares(protocol, 2) }
        : { 1: defined(file.shares.l1), 2: defined(file.shares.l2) },
    dispatchInterval: ms(file.dispatchInterval),
    statisticsEvery:
      file.statisticsEvery !== undefined
        ? ms(file.statisticsEvery)
        : place.kind === "local stack"
          ? LOCAL_STATISTICS_MS
          : STATISTICS_MS,
    allowMainnet: file.allowMainnet,
    leaveWithdrawals: file.leaveWithdrawals,
    gate: file.gate,
    limits: {
      maxFund: weiOf(limits.maxFundEth),
      toleratedFailures: limits.toleratedFailures,
      slowAfter: ms(limits.slowAfter),
      stuckAfter: ms(limits.stuckAfter),
      giveUpAfter: ms(limits.giveUpAfter),
      endpointDeadAfter: ms(limits.endpointDeadAfter),
    },
    funding: { minimumBalance: weiOf(minimumBalanceEth), perChild: weiOf(perChildEth), batch, bridge },
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

function placeOf(
  file: TargetFile,
  protocol: Protocol,
  folder: string,
  mistakes: string[],
): OwnPlace | undefined {
  const sources: (AddressSource | undefined)[] = [
    file.addresses && { from: "inline", addresses: file.addresses },
    file.addressFile === undefined ? undefined : { from: "file", path: resolve(folder, file.addressFile) },
    file.addressServer === undefined ? undefined : { from: "server", url: file.addressServer },
  ];
  const given = sources.filter((source) => source !== undefined);
  if (file.stack !== undefined) {
    if (file.l1 ?? file.l2 ?? given[0])
      mistakes.push("stack: stands in place of l1, l2 and addresses; give either");
    return { kind: "local stack", settings: file.stack };
  }
  const [addresses = protocol.discover === undefined ? undefined : ({ from: "chains" } as const)] = given;
  if (file.l1 === undefined) mistakes.push("l1: missing (or give stack to run on the embedded local stack)");
  if (file.l2 === undefined) mistakes.push("l2: missing");
  if (given.length > 1 || addresses === undefined)
    mistakes.push("addresses: give just one of addresses, addressFile and addressServer");
  if (file.l1 === undefined || file.l2 === undefined || addresses === undefined) return undefined;
  return { kind: "endpoints", chains: { 1: chainOf(file.l1), 2: chainOf(file.l2) }, addresses };
}

const chainOf = ({ endpoint, explorer, ...chain }: NonNullable<TargetFile["l1"]>): ChainTarget => ({
  ...chain,
  ...(explorer === undefined ? {} : { explorer: explorer.replace(/\/+$/, "") }),
  endpoints: typeof endpoint === "string" ? [endpoint] : endpoint,
  chainId: chain.chainId,
  batchGasPriceGwei: undefined,
});

function funderOf(file: TargetFile, mistakes: string[]): Target["funder"] | undefined {
  if (file.funder !== undefined) return accountOf("funder", file.funder.key, file.funder.address, mistakes);
  if (file.stack === undefined) {
    mistakes.push("funder: missing");
    return undefined;
  }
  const wallet = HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${LOCAL_FUNDER}`);
  return { address: wallet.address, key: wallet.privateKey };
}

const defined = (shares: Readonly<Record<string, number | undefined>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(shares).flatMap(([code, share]) => (share === undefined ? [] : [[code, share]])),
  );

/** What children do on a chain where a target does not say. */
const defaultShares = ({ operations }: Protocol, chain: Chain): Record<string, number> =>
  Object.fromEntries(
    operations.flatMap(({ code, from, share }) =>
      share === "rest" || (from !== "either" && from !== chain) ? [] : [[code, share]],
    ),
  );
