import { CROSSING_CLASSES } from "../engine/audit/index.ts";
import {
  inEther,
  lengthOfRun,
  moment,
  plural,
  slowestOf,
  throughput,
  took,
  verdictSentence,
  verdictTitle,
} from "./page/words.ts";
import type { ResultFile } from "./result/schema.ts";

const MARKS: Readonly<Record<ResultFile["verdict"]["is"], string>> = {
  held: "✅",
  "not held": "❌",
  stopped: "⏹️",
  unfinished: "❔",
  unproven: "📄",
};

/** What is a sign to Markdown is not, in a table's cell or a sentence. */
const plain = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>|#]/g, "\\$&").replaceAll(/\s+/g, " ");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(row)];
}

/** A result as a comment of a pull request has room for: verdict, figures, books and the three slowest. */
export function renderMarkdown(result: ResultFile): string {
  const { verdict, conditions, time, operations, crossings, books, findings, generator } = result;
  const { scenario, target, protocol, children, seed } = conditions;
  const lines = [
    `## ${MARKS[verdict.is]} ${verdictTitle(verdict)}: ${plain(scenario)} on ${plain(target)}`,
    "",
    plain(verdictSentence(result)),
    ...(verdict.reasons.length > 0 ? ["", ...verdict.reasons.map((reason) => `- ${plain(reason)}`)] : []),
    "",
    `${plural(operations.performed, "operation")} in ${took(lengthOfRun(result))}, ${throughput(result).toFixed(1)} a second under load; ` +
      `${operations.failed} failed, ${operations.abandoned} given up. ` +
      `${plural(children, "child").replace("childs", "children")}, ${plain(protocol)}${seed === undefined ? "" : `, seed ${seed}`}, ${moment(time.startedAt)}.`,
    "",
    ...operationRows(result),
    ...(crossings === undefined ? [] : ["", ...crossingLines(crossings)]),
    ...(books === undefined
      ? []
      : [
          "",
          `Not accounted for: ${inEther(books.unaccounted[1])} ETH on L1, ${inEther(books.unaccounted[2])} ETH on L2. Cost: ${inEther(books.cost)} ETH, of which ${inEther(books.unreturned)} ETH did not come back.`,
        ]),
    ...(findings.length === 0
      ? []
      : ["", ...findings.map(({ detector, what }) => `- noticed: ${plain(detector)} (${plain(what)})`)]),
    ...(generator === undefined || generator.bottlenecks.length === 0
      ? []
      : ["", `⚠️ The driver was the bottleneck: ${plain(generator.bottlenecks.join("; "))}.`]),
    ...slowestRows(result),
  ];
  return `${lines.join("\n")}\n`;
}

function operationRows({ operations }: ResultFile): string[] {
  const rows = operations.figures.flatMap(({ code, count, failed, phases }) => {
    const last = phases.findLast(({ phase }) => phase === "finished");
    if (code === "DN") return [];
    const times =
      last === undefined ? ["–", "–", "–", "–"] : [last.median, last.p95, last.p99, last.max].map(took);
    return [[code, String(count), String(failed), ...times]];
  });
  return table(["code", "count", "failed", "median", "p95", "p99", "max"], rows);
}

function crossingLines({ counts, late, outOfOrder }: NonNullable<ResultFile["crossings"]>): string[] {
  const told = CROSSING_CLASSES.flatMap((one) => ((counts[one] ?? 0) > 0 ? [`${counts[one]} ${one}`] : []));
  return [`Crossings: ${told.join(", ") || "none"}; ${late} late, ${outOfOrder} out of order.`];
}

function slowestRows(result: ResultFile): string[] {
  const slowest = slowestOf(result, 3);
  if (slowest.length === 0) return [];
  const rows = slowest.map(({ code, child, phases, parts, transactions }) => [
    `${code} of child ${child}`,
    took(phases.at(-1)?.[1] ?? 0),
    parts.map(({ part, ms }) => `${part} ${took(ms)}`).join(", "),
    transactions.map(({ hash }) => `\`${hash}\``).join(" "),
  ]);
  return [
    "",
    "<details><summary>The slowest</summary>",
    "",
    ...table(["operation", "took", "of it", "transactions"], rows),
    "",
    "</details>",
  ];
}
