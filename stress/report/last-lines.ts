import { shortHash, slowestOf, took, verdictTitle } from "./page/words.ts";
import type { ResultFile } from "./result/schema.ts";

/** A verdict in lines, with its reasons. */
export const verdictLines = ({ verdict, conditions }: ResultFile): string[] => [
  `${verdictTitle(verdict)}: ${conditions.scenario} on ${conditions.target}`,
  ...verdict.reasons.map((reason) => `  ${reason}`),
];

/** The last lines of a run: what is to be known within a second. @param path of the report */
export const lastLines = (result: ResultFile, path: string): string[] => [
  ...linesBeforeVerdict(result, path),
  ...verdictLines(result),
];

/** The same without its verdict, which the checks of its spec may change yet. */
export function linesBeforeVerdict(result: ResultFile, path: string): string[] {
  return [
    `slowest: ${
      slowestOf(result, 3)
        .map(({ code, child, phases, transactions }) => {
          const hash = transactions.at(-1)?.hash;
          return `${code} of child ${child} ${took(phases.at(-1)?.[1] ?? 0)}${hash === undefined ? "" : ` (${shortHash(hash)})`}`;
        })
        .join(", ") || "none"
    }`,
    `report: ${path}`,
  ];
}
