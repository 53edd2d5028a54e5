import { type Clock, describeDuration, type PerChain, reasonOf } from "../../../engine/base/index.ts";
import {
  classifyRpcError,
  isTransient,
  type Node,
  objectOf,
  type Receipt,
  whole,
} from "../../../engine/rpc/index.ts";
import type { StepNote, TransactionPlan } from "../../../engine/transactions/index.ts";
import { askWhether } from "../ask.ts";
import type { FalseProposal, Patience } from "../../protocol.ts";
import { ABI, type Contracts } from "../contracts.ts";
import { FalseProposals } from "./false-proposals.ts";
import { GameProposals } from "./game-proposals.ts";
import { Games } from "./games.ts";
import { L2State, type WithdrawalProof } from "./l2-state.ts";
import { Outputs } from "./outputs.ts";
import { PerBlock } from "./per-block.ts";
import type { Proposal, Proposals } from "./proposals.ts";
import { asProof } from "./super-root.ts";
import { asTuple, type Withdrawal, withdrawalsIn } from "./withdrawal.ts";

/** What a withdrawal's sender does next on L1. */
export type Next =
  /** There is no proposal that covers it, or a window is not over. */
  | { readonly do: "wait" }
  | { readonly do: "prove" | "finalise"; readonly plan: TransactionPlan; readonly note: StepNote }
  | { readonly do: "nothing" };

/** What withdrawals are opened with. */
export interface WithdrawalSources {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
  readonly clock: Pick<Clock, "now">;
  readonly patience: Patience | undefined;
  /** Told once of what is odd about what is proposed. */
  readonly warn: (line: string) => void;
}

const WAIT: Next = { do: "wait" };

const PROVE =
  "proveWithdrawalTransaction((uint256,address,address,uint256,uint256,bytes),uint256,(bytes32,bytes32,bytes32,bytes32),bytes[])";

/** Of portals of version 4 whose super roots are active, and of no others: those before and after take the other one. */
const PROVE_IN_SUPER_ROOT =
  "proveWithdrawalTransaction((uint256,address,address,uint256,uint256,bytes),address,uint256,(bytes1,uint64,(uint256,bytes32)[]),(bytes32,bytes32,bytes32,bytes32),bytes[])";

/** The same, with what the chains told of themselves. */
interface OpenedSources extends WithdrawalSources {
  readonly chainId: bigint;
  readonly provesSuperRoots: boolean;
  readonly falseOnes: FalseProposals;
}

/** How far a run takes its withdrawals. */
export type Extent =
  | { readonly kind: "to the end" }
  /** It proves them, and leaves the rest to a recovery. */
  | { readonly kind: "until proven" }
  | { readonly kind: "not at all"; readonly reason: string };

function extentOf(takes: number, patience: Patience | undefined): Extent {
  if (patience === undefined || takes <= patience.upTo) return { kind: "to the end" };
  if (patience.leavesRest) return { kind: "until proven" };
  const reason =
    `withdrawals take ${describeDuration(takes)} here, and a run waits ${describeDuration(patience.upTo)}: ` +
    '"leaveWithdrawals": true has them proved and left to npm run recover';
  return { kind: "not at all", reason };
}

/**
 * Takes withdrawals through L1, whatever generation its contracts are of. What comes next is asked of the chains alone, so that it
 * does not matter who began, or when.
 */
export class Withdrawals {
  readonly #sources: OpenedSources;
  readonly #provesSuperRoots: boolean;
  readonly #proposals: Proposals;
  readonly #state: L2State;
  readonly #isPaused: PerBlock<boolean>;
  /** Milliseconds from a proof to its finalisation, where nobody challenges what was proposed. */
  readonly takes: number;
  readonly extent: Extent;
  #left = 0;

  private constructor(sources: OpenedSources, proposals: Proposals, state: L2State, window: number) {
    this.#provesSuperRoots = sources.provesSuperRoots;
    this.takes = window * 1000;
    this.extent = extentOf(this.takes, sources.patience);
    this.#sources = sources;
    this.#proposals = proposals;
    this.#state = state;
    const { nodes, contracts } = sources;
    this.#isPaused = new PerBlock((block) =>
      askWhether(nodes[1], ABI.OptimismPortal, contracts.portal, "paused", [], block),
    );
  }

  static async open(sources: WithdrawalSources): Promise<Withdrawals> {
    const { nodes, contracts } = sources;
    const { portal, factory, oracle, registry } = contracts.addresses;
    const told = new Set<string>();
    const warn = (line: string): void => {
      if (!told.has(line)) sources.warn(line);
      told.add(line);
    };
    const state = new L2State(nodes[2]);
    const l1 = nodes[1];
    const [chainId, provesSuperRoots] = await Promise.all([
      nodes[2].chainId(),
      askWhether(l1, ABI.OptimismPortal, portal, "superRootsActive"),
    ]);
    const falseOnes = new FalseProposals(warn);
    const opened = { ...sources, warn, chainId, provesSuperRoots, falseOnes };
    const times = new PerBlock(async (block) =>
      whole(objectOf(await l1.rawBlock(block), "block")["timestamp"], "timestamp"),
    );
    const timeOf = (block: number): Promise<number> => times.at(block);
    if (factory === undefined) {
      const outputs = new Outputs({ l1, portal, oracle: oracle ?? "", state, falseOnes, timeOf });
      return new Withdrawals(opened, outputs, state, await outputs.window());
    }
    const isRecent = registry !== undefined;
    const games = new Games({ l1, l2: nodes[2], factory, isRecent, chainId, state, falseOnes, warn });
    const proposals = new GameProposals({ l1, portal, registry, games, timeOf });
    return new Withdrawals(opened, proposals, state, await proposals.window());
  }

  /**
   * The withdrawal of an initiation whose receipt has none: its block may have been told without events, and another node have them.
   * Undefined where no node tells now.
   */
  async readAgain({ hash, blockHash, succeeded }: Receipt): Promise<Withdrawal | undefined> {
    if (!succeeded) return undefined;
    try {
      const again = await this.#sources.nodes[2].receipt(hash);
      return again?.blockHash === blockHash ? withdrawalsIn(again.logs)[0] : undefined;
    } catch (error) {
      if (!isTransient(classifyRpcError(error))) throw error;
      return undefined;
    }
  }

  /** What was come across of what was proposed falsely. */
  falseProposals(): readonly FalseProposal[] {
    return this.#sources.falseOnes.all();
  }

  /** How many a run has proved and left. */
  get left(): number {
    return this.#left;
  }

  /** A withdrawal that was just proved is left. @returns when it can be finalised, in Unix milliseconds */
  leave(): number {
    this.#left++;
    return this.#sources.clock.now() + this.takes;
  }

  /**
   * What is to be done next for a withdrawal, in the state of an L1 block. Where a node cannot tell now, it is waited: the next block's
   * answer may be another.
   *
   * @param submitter who proves it: later portals keep one proof of each
   */
  async next(withdrawal: Withdrawal, submitter: string, l1Block: number): Promise<Next> {
    try {
      return await this.#next(withdrawal, submitter, l1Block);
    } catch (error) {
      if (!isTransient(classifyRpcError(error))) throw error;
      this.#sources.warn(
        `WARNING what comes next for withdrawal ${withdrawal.hash} is not known: ${reasonOf(error)}`,
      );
      return WAIT;
    }
  }

  async #next(withdrawal: Withdrawal, submitter: string, l1Block: number): Promise<Next> {
    const standing = await this.#proposals.standing(withdrawal, submitter, l1Block);
    switch (standing.at) {
      case "finalised":
        return { do: "nothing" };
      case "proven":
        return WAIT;
      case "finalisable":
        return (await this.#isPaused.at(l1Block)) ? WAIT : this.#finalise(withdrawal);
      case "unproven":
      case "in vain": {
        if (standing.at === "in vain")
          this.#sources.warn(`withdrawal ${withdrawal.hash} has to be proved again: ${standing.why}`);
        if (await this.#isPaused.at(l1Block)) return WAIT;
        const proposal = await this.#proposals.covering(withdrawal, l1Block);
        return proposal === undefined ? WAIT : this.#prove(withdrawal, proposal);
      }
    }
  }

  async #prove(withdrawal: Withdrawal, proposal: Proposal): Promise<Next> {
    const { index, block, game, type } = proposal;
    const proof = await this.#state.prove(withdrawal.hash, block);
    const data = ABI.OptimismPortal.encodeFunctionData(...this.#proving(withdrawal, proposal, proof));
    const values: Record<string, string> =
      game === undefined ? { output: String(index) } : { game, type: String(type) };
    return { do: "prove", plan: this.#call(data), note: { name: "prove", values } };
  }

  /** Which of the portal's two functions takes the proof, and what it is given. */
  #proving(
    withdrawal: Withdrawal,
    { index, game, superRoot }: Proposal,
    { output, nodes }: WithdrawalProof,
  ): [method: string, args: readonly unknown[]] {
    const tx = asTuple(withdrawal);
    if (!this.#provesSuperRoots || superRoot === undefined) return [PROVE, [tx, index, output, nodes]];
    const at = superRoot.entries.findIndex(({ chainId }) => chainId === this.#sources.chainId);
    return [PROVE_IN_SUPER_ROOT, [tx, game, at, asProof(superRoot), output, nodes]];
  }

  #finalise(withdrawal: Withdrawal): Next {
    const data = ABI.OptimismPortal.encodeFunctionData("finalizeWithdrawalTransaction", [
      asTuple(withdrawal),
    ]);
    return { do: "finalise", plan: this.#call(data), note: { name: "finalize" } };
  }

  /** It moves nothing of its sender's: what it pays is told by events. */
  #call(data: string): TransactionPlan {
    return { to: this.#sources.contracts.portal, data, value: 0n, moves: [] };
  }
}
