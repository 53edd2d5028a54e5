import type { FalseProposal } from "../../protocol.ts";

/** What was proposed of L2 and is not what L2's own state says. Each is told once, and kept for the run's findings. */
export class FalseProposals {
  readonly #found = new Map<string, FalseProposal>();
  readonly #warn: (line: string) => void;

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  /** @param who the game or output, @param root what it claims of an L2 block */
  note(who: string, root: string, block: number): void {
    const what = `${who} claims ${root} of L2 block ${block}, which is not its output root`;
    if (this.#found.has(what)) return;
    this.#found.set(what, { what, block });
    this.#warn(`WARNING ${what}`);
  }

  all(): readonly FalseProposal[] {
    return [...this.#found.values()];
  }
}
