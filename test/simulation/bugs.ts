import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** A text of the product, and what stands there in its place while a bug is planted. */
export interface Patch {
  /** From the project's folder. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Bugs that the simulation must find: each is planted into the product's own modules as they are loaded. */
export const BUGS: Readonly<Record<string, readonly Patch[]>> = {
  /** A receipt that is there again after a reorganisation counts twice. */
  "settle-twice": [
    {
      file: "stress/engine/transactions/transactions.ts",
      from: `this.#stream.publish({ kind: "mined", transaction, receipt, again });`,
      to: `for (const _ of again ? [1, 2] : [1]) this.#stream.publish({ kind: "mined", transaction, receipt, again });`,
    },
  ],
  /** A transaction whose answer is lost counts as not sent: the next one takes its nonce. */
  "reuse-nonce": [
    {
      file: "stress/engine/transactions/sender.ts",
      from: `if (failure === "already known" || (await this.#isKnown(chain, transaction.hash))) return;`,
      to: `if (failure === "no answer") throw new NotSubmitted(failure, reasonOf(error));
        if (failure === "already known" || (await this.#isKnown(chain, transaction.hash))) return;`,
    },
  ],
  /** A payout is whatever came to the account that waits for one. */
  "payout-by-address": [
    {
      file: "stress/engine/audit/classify.ts",
      from: `...evidence.relaysOf(chain, message),`,
      to: `...evidence.relaysOf(chain, message, transaction.account.address),`,
    },
    {
      file: "stress/engine/audit/audit.ts",
      from: `relaysOf: (chain, message) => this.#relays.of(chain, message),`,
      to: `relaysOf: (chain, message, to) => [...this.#relays.all(chain)].flatMap(([, relays]) =>
        relays.filter(({ payouts }) => payouts.some((payout) => payout.to === to))),`,
    },
  ],
  /** What a node refuses was not sent. */
  "believe-refusal": [
    {
      file: "stress/engine/transactions/sender.ts",
      from: `if (failure === "already known" || (await this.#isKnown(chain, transaction.hash))) return;`,
      to: `if (failure === "already known") return;`,
    },
    {
      file: "stress/engine/transactions/sender.ts",
      from: `await this.#weigh(transaction, failure, error);`,
      to: `throw new NotSubmitted(failure, reasonOf(error));`,
    },
  ],
  /** What is decided by is read of whatever a node has for the newest block. */
  "read-latest": [
    {
      file: "stress/engine/rpc/node.ts",
      from: `this.#known = known;`,
      to: `this.#known = () => "latest";`,
    },
  ],
};

/** Raised where the product does not have the text, or has it twice: the bug must be planted otherwise now. */
export class Rotten extends Error {
  override readonly name = "Rotten";
}

/** @throws {Rotten} */
export function planted(source: string, { file, from, to }: Patch): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Rotten(`${file} must have exactly once, for a bug to be planted there: ${from}`);
  return before + to + after;
}

/** The files of a bug with it in them, by their paths. @throws {Rotten} */
export function infected(patches: readonly Patch[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const patch of patches) {
    const path = join(ROOT, patch.file);
    files.set(path, planted(files.get(path) ?? readFileSync(path, "utf8"), patch));
  }
  return files;
}
