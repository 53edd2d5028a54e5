import { Abandoned, type Chain, type Fault, type Publisher, reasonOf } from "../base/index.ts";
import type { OperationEvent, Outcome, Performed } from "../events.ts";
import { classifyRpcError } from "../rpc/index.ts";
import { type Account, NotSubmitted } from "../transactions/index.ts";
import type { Steps } from "../../protocols/operation.ts";
import type { Child } from "./child.ts";
import type { Engine } from "./engine.ts";
import { OngoingOperation, type Progress } from "./ongoing-operation.ts";
import { StepTaker } from "./step-taker.ts";

/** What is to be performed for a child. */
export interface Task {
  readonly code: string;
  /** Who sends the transactions: the child, or the funder for its initial funding. */
  readonly account: Account;
  /** The chain that it leads to; undefined: it stays. */
  readonly to?: Chain | undefined;
  readonly steps: Steps;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** When it was to begin, from which its times count; now, where nothing is said. Unix milliseconds. */
  readonly intendedAt?: number | undefined;
}

/** What operations are performed with. */
export type PerformerParts = Pick<
  Engine,
  | "clock"
  | "stream"
  | "bridge"
  | "watchers"
  | "reorganisations"
  | "transactions"
  | "submitter"
  | "audit"
  | "inquiries"
>;

/** Performs operations, each told from its start to its end, settled exactly once. */
export class Performer {
  readonly #parts: PerformerParts;
  readonly #stream: Publisher<OperationEvent | Fault>;
  #operations = 0;

  constructor(parts: PerformerParts) {
    this.#parts = parts;
    this.#stream = parts.stream;
  }

  /** Performs one operation of a child that has none open. It never throws for what goes wrong in the operation itself. */
  async perform(child: Child, { code, to, account, steps, signal, intendedAt }: Task): Promise<Performed> {
    if (child.phase.at === "busy") throw new Error(`child ${child.number} has an operation open`);
    const operation = this.#begin(child, code, { to, intendedAt });
    const progress: Progress = { gasEstimated: 0n, receipt: undefined, steps: [] };
    let outcome: Outcome;
    try {
      operation.start();
      const walk = { operation, progress, code, account, signal };
      outcome = await new StepTaker(this.#parts, walk).all(steps);
    } catch (error) {
      outcome = this.#outcomeOf(error, operation);
    }
    const performed = operation.finish(outcome, progress);
    // The money of a crossing that failed is where it started.
    const isPaid = progress.steps.some(({ end }) => end?.kind === "paid");
    if (outcome.kind === "failed" && !isPaid) child.on = operation.open.chain;
    return performed;
  }

  /** The end of a child: an operation without a transaction. */
  markDone(child: Child): void {
    const operation = this.#begin(child, "DN", {});
    operation.start();
    operation.submitted(undefined);
    operation.finish({ kind: "succeeded" }, { gasEstimated: 0n, receipt: undefined, steps: [] });
    child.phase = { at: "done" };
  }

  #begin(child: Child, code: string, { to, intendedAt }: Pick<Task, "to" | "intendedAt">): OngoingOperation {
    const { clock } = this.#parts;
    const begun = { operation: this.#operations++, code, to, startedAt: intendedAt ?? clock.now() };
    return new OngoingOperation(child, begun, this.#stream, clock);
  }

  #outcomeOf(error: unknown, { open }: OngoingOperation): Outcome {
    if (error instanceof Abandoned) return { kind: "abandoned", waitingFor: open.waitingFor };
    if (error instanceof NotSubmitted) {
      return { kind: "failed", reason: `not submitted, ${error.failure}: ${reasonOf(error)}` };
    }
    // A mistake of our own ends the run; the operation still has its end, and the child is free for its refund.
    if (classifyRpcError(error) === "own mistake") this.#stream.publish({ kind: "fault", error });
    return { kind: "failed", reason: `error: ${reasonOf(error)}` };
  }
}
