export { Audit, type AuditLimits } from "./audit.ts";
export {
  type AuditedCrossing,
  BROKEN,
  CROSSING_CLASSES,
  type Crosser,
  type CrossingAudit,
  type CrossingClass,
  type StrangersPayout,
} from "./crossing-audit.ts";
export type { Followed } from "./followed.ts";
export { Inquiries, type InquirySources } from "./inquiries.ts";
export {
  isConserved,
  type LedgerReport,
  ledgerReport,
  type Proofs,
  type ProofSources,
  prove,
} from "./proofs.ts";
export { withUntold } from "./untold.ts";
