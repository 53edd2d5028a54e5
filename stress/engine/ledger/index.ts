export { type Asset, type AssetName, balanceAsset, etherIn, readHolding } from "./assets.ts";
export type { ChainBooks, Difference, ReconciledBooks } from "./books.ts";
export { add, amountOf, BALANCE, type Holding, isNothing, isSame, NOTHING, subtract } from "./holding.ts";
export type { Entry } from "./entries.ts";
export { CAUSES, type Credited, Ledger, type Page } from "./ledger.ts";
export { type BooksSources, locate } from "./locate.ts";
export type { Move } from "./move.ts";
export { reconcileAt } from "./reconcile.ts";
