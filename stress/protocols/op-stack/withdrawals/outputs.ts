import { callContract, type Node } from "../../../engine/rpc/index.ts";
import { ask, askNumber } from "../ask.ts";
import { ABI } from "../contracts.ts";
import type { FalseProposals } from "./false-proposals.ts";
import type { L2State } from "./l2-state.ts";
import { PerBlock } from "./per-block.ts";
import type { Proposal, Proposals, Standing } from "./proposals.ts";
import type { Withdrawal } from "./withdrawal.ts";

/** What outputs are asked for with. */
export interface OutputSources {
  readonly l1: Node;
  readonly portal: string;
  readonly oracle: string;
  readonly state: L2State;
  readonly falseOnes: FalseProposals;
  /** Unix seconds of an L1 block. */
  timeOf(l1Block: number): Promise<number>;
}

/** An output as the oracle has it. */
interface Output {
  readonly root: string;
  /** Unix seconds. */
  readonly proposedAt: bigint;
  readonly block: number;
}

/** Outputs in an oracle, by L2 block: portals of version 2. */
export class Outputs implements Proposals {
  readonly #sources: OutputSources;
  readonly #latest: PerBlock<number>;
  #window: Promise<number> | undefined;

  constructor(sources: OutputSources) {
    this.#sources = sources;
    this.#latest = new PerBlock(async (block) => Number(await this.#oracle("latestBlockNumber", [], block)));
  }

  async #oracle(method: string, args: readonly unknown[], block?: number): Promise<unknown> {
    const { l1, oracle } = this.#sources;
    return (await callContract(l1, ABI.L2OutputOracle, oracle, method, args, block))[0];
  }

  async #output(index: bigint, block: number): Promise<Output | undefined> {
    const { l1, oracle } = this.#sources;
    // One that was deleted is out of the list's bounds.
    const answer = await ask(l1, ABI.L2OutputOracle, oracle, "getL2Output", [index], block);
    const output = answer?.[0];
    if (!Array.isArray(output)) return undefined;
    const [root, proposedAt, l2Block] = output as readonly unknown[];
    return { root: String(root), proposedAt: BigInt(String(proposedAt)), block: Number(l2Block) };
  }

  async covering({ block: wanted }: Withdrawal, l1Block: number): Promise<Proposal | undefined> {
    const { state, falseOnes } = this.#sources;
    if ((await this.#latest.at(l1Block)) < wanted) return undefined;
    const first = BigInt(String(await this.#oracle("getL2OutputIndexAfter", [wanted], l1Block)));
    // One that is wrong may never be deleted: those after it cover the withdrawal, too.
    for (let index = first; ; index++) {
      const output = await this.#output(index, l1Block);
      if (output === undefined) return undefined;
      const { root, block } = output;
      if ((await state.outputRoot(block)) === root)
        return { index, block, root, game: undefined, type: undefined };
      falseOnes.note(`output ${index}`, root, block);
    }
  }

  async standing({ hash }: Withdrawal, _submitter: string, l1Block: number): Promise<Standing> {
    const { l1, portal } = this.#sources;
    const [[finalised], [root, provenAt, index]] = await Promise.all([
      callContract(l1, ABI.OptimismPortal, portal, "finalizedWithdrawals", [hash], l1Block),
      callContract(l1, ABI.ProvenOutputs, portal, "provenWithdrawals", [hash], l1Block),
    ]);
    if (finalised === true) return { at: "finalised" };
    if (BigInt(String(provenAt)) === 0n) return { at: "unproven" };
    const output = await this.#output(BigInt(String(index)), l1Block);
    // The portal takes another proof only once another output is in its place.
    if (output === undefined) return { at: "proven" };
    if (output.root !== root) return { at: "in vain", why: `output ${String(index)} was replaced` };
    const now = BigInt(await this.#sources.timeOf(l1Block));
    const window = BigInt(await this.window());
    const isOver = (since: bigint): boolean => now > since + window;
    return isOver(BigInt(String(provenAt))) && isOver(output.proposedAt)
      ? { at: "finalisable" }
      : { at: "proven" };
  }

  window(): Promise<number> {
    const { l1, oracle } = this.#sources;
    this.#window ??= (async () => {
      const newer = await askNumber(l1, ABI.L2OutputOracle, oracle, "finalizationPeriodSeconds");
      return Number(newer ?? (await this.#oracle("FINALIZATION_PERIOD_SECONDS", [])));
    })();
    return this.#window;
  }
}
