import { childField, intervalField } from "../../journal/op-log.ts";
import type { OperationPath } from "./operation-path.ts";

/** Phases that op.log's OP_DONE_ has. */
const JOURNALED = new Set(["submitted", "receipt", "finished"]);

/** The records that op.log has of an operation: by them it is found there. */
export function journalLines(path: OperationPath): string[] {
  const { child, code, from, to, startedAt, outcome, gasUsed, gasEstimated, phases, transactions } = path;
  const [number, [, submitted] = []] = [childField(child), phases.find(([phase]) => phase === "submitted")];
  const hash = transactions.find(({ what }) => what === "own")?.hash;
  const watch = [
    "OP_WATCH",
    number,
    code,
    to,
    intervalField(submitted ?? 0),
    ...(hash === undefined ? [] : [hash]),
  ];
  const gas = `${gasUsed}/${gasEstimated}${gasUsed > gasEstimated ? "<<<" : ""}`;
  const reached = phases.filter(([phase]) => JOURNALED.has(phase)).map(([, since]) => intervalField(since));
  return [
    ["OP_START", number, code, from, (startedAt / 1000).toFixed(8)],
    ...(submitted === undefined ? [] : [watch]),
    ["OP_DONE_", number, code, to, outcome === "succeeded" ? 1 : 0, gas, ...reached],
  ].map((fields) => fields.join(","));
}
