import type { ForkSettings, ProtocolName, StackSettings } from "../fixtures/local-stack/index.ts";
import type { PerChain } from "../stress/engine/base/index.ts";
import type { Endpoints } from "../stress/engine/rpc/index.ts";
import type { RunLimits, Shares } from "../stress/engine/run/index.ts";

/** How one chain of a target is reached and judged. */
export interface ChainTarget {
  /** The first is used as long as it answers; the others stand in for it. */
  readonly endpoints: Endpoints;
  /** What the endpoints must answer; undefined where the target does not say. */
  readonly chainId: number | undefined;
  /** A block counts once the head is this many blocks past it. */
  readonly confirmations: number;
  /** Gas limit in relation to the estimate. */
  readonly gasMultiplier: number;
  /** Gas price in gwei for the cost summary of the batch submitter; undefined: what the chain asks. */
  readonly batchGasPriceGwei: number | undefined;
  /** A block explorer that reports link to, without a slash at its end. */
  readonly explorer?: string;
}

/** Where a target's contract addresses come from. */
export type AddressSource =
  | { readonly from: "inline"; readonly addresses: Readonly<Record<string, string>> }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "server"; readonly url: string }
  /** The chains themselves are asked, where the protocol knows how. */
  | { readonly from: "chains" };

/** Where a target's own chains are: endpoints of its own, or the embedded local stack. */
export type OwnPlace =
  | { readonly kind: "endpoints"; readonly chains: PerChain<ChainTarget>; readonly addresses: AddressSource }
  | { readonly kind: "local stack"; readonly settings: StackSettings };

/** How a target is forked. */
export interface Fork {
  /** The target's name. */
  readonly of: string;
  /** The last blocks that the fork has of the target; undefined: the newest less the margin. */
  readonly blocks: PerChain<number | undefined> | undefined;
  /** Blocks. */
  readonly margin: number;
  readonly settings: ForkSettings;
}

/** Where a run's chains are: the target's own, or forks of them. */
export type Place = OwnPlace | { readonly kind: "fork"; readonly of: OwnPlace; readonly fork: Fork };

/** Limits of a run. Amounts in wei, times in milliseconds. */
export interface Limits extends RunLimits {
  readonly maxFund: bigint;
  readonly endpointDeadAfter: number;
}

/** How children and bridge are funded. Amounts in wei. */
export interface Funding {
  readonly minimumBalance: bigint;
  readonly perChild: bigint;
  readonly batch: number;
  /** What the target's protocol has beside these, as its schema parsed it. */
  readonly bridge: Readonly<Record<string, unknown>>;
}

/** A named pair of chains with its funder and limits: what `targets/<name>.json` says, checked and complete. */
export interface Target {
  readonly name: string;
  /** Name of the bridge's protocol. */
  readonly protocol: ProtocolName;
  readonly place: Place;
  readonly funder: { readonly address: string; readonly key: string };
  /** 0: child n starts on chain 2 − (n mod 2). */
  readonly startChain: 0 | 1 | 2;
  readonly shares: Shares;
  /** Least time between two dispatches, in milliseconds. */
  readonly dispatchInterval: number;
  /** Time between two statistics, in milliseconds. */
  readonly statisticsEvery: number;
  readonly allowMainnet: boolean;
  /** Whether a run begins crossings that take longer than it waits, and leaves them to a recovery. */
  readonly leaveWithdrawals: boolean;
  /** What each run has to hold, as `--gate` has it; undefined: no more than its spec says. */
  readonly gate: string | undefined;
  readonly limits: Limits;
  readonly funding: Funding;
}
