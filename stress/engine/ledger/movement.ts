/** What a transaction moves beyond its own fees. Amounts in wei. */
export type Movement =
  | { readonly kind: "payment"; readonly to: string; readonly amount: bigint }
  | { readonly kind: "stake"; readonly amount: bigint }
  | { readonly kind: "unstake"; readonly amount: bigint; readonly to: string }
  | { readonly kind: "reward"; readonly amount: bigint; readonly to: string }
  /** `exitFee` is in fee tokens. */
  | { readonly kind: "crossing"; readonly amount: bigint; readonly exitFee?: bigint }
  /** Fee tokens, on L2. */
  | { readonly kind: "tokens"; readonly to: string; readonly amount: bigint }
  | { readonly kind: "nothing" };
