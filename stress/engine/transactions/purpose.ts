/** What a step of an operation is told as in the journal, where it is not the operation's own transaction. */
export interface StepNote {
  /** One word, such as `approval`. */
  readonly name: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** What a transaction is sent for. */
export type Purpose =
  | {
      readonly kind: "operation";
      /** Number of the operation in this run. */
      readonly operation: number;
      readonly child: number;
      readonly code: string;
      readonly note: StepNote | undefined;
    }
  /** One of the funder's own. Wei. */
  | { readonly kind: "funder"; readonly code: string; readonly amount: bigint }
  /** It brings back what a run left. */
  | { readonly kind: "recovery"; readonly code: string; readonly note?: StepNote | undefined }
  /** An empty one, in the place of one that no node took. */
  | { readonly kind: "filler" };
