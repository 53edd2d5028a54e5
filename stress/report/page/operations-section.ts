import type { ResultFile } from "../result/schema.ts";
import { partsOf } from "../result/operation-path.ts";
import { type Html, html } from "./html.ts";
import { explorersOf, operationCard } from "./operation-cards.ts";
import { counted, took } from "./words.ts";

type Figures = ResultFile["operations"]["figures"][number];

/** Each code's counts and times. */
export function operationsSection(result: ResultFile): Html {
  const { operations } = result;
  const rows = operations.figures.filter(({ code }) => code !== "DN");
  return html`<section id="operations" aria-labelledby="h-operations"><h2 id="h-operations">Operations</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Times of each operation"><table class="numbers"><thead><tr><th scope="col">code</th><th scope="col">count</th><th scope="col">failed</th><th scope="col">refused</th><th scope="col">phase</th><th scope="col">median</th><th scope="col">p95</th><th scope="col">p99</th><th scope="col">max</th></tr></thead>${rows.map(
    ({ code, count, failed, refused, phases }) =>
      html`<tbody>${(phases.length === 0 ? [undefined] : phases).map(
        (phase, at) =>
          html`<tr>${at === 0 ? html`<th scope="row">${kindLink(code, result)}</th><td>${counted(count)}</td><td>${counted(failed)}</td><td>${counted(refused)}</td>` : html`<td></td><td></td><td></td><td></td>`}${
            phase === undefined
              ? html`<td></td><td></td><td></td><td></td><td></td>`
              : html`<td>${phase.phase}</td><td>${took(phase.median)}</td><td>${took(phase.p95)}</td><td>${took(phase.p99)}</td><td>${took(phase.max)}</td>`
          }</tr>`,
      )}</tbody>`,
  )}</table></div></section>`;
}

/** The chain a code leads from and to, as its operations that are kept tell. */
function wayOf(
  code: string,
  { operations }: ResultFile,
): { readonly from: 1 | 2; readonly to: 1 | 2 } | undefined {
  return operations.slowest.find((one) => one.code === code);
}

/** A kind of operation, linked to the slowest of it that are kept, where there are any. */
const kindLink = (code: string, { operations }: ResultFile): Html =>
  operations.slowest.some((one) => one.code === code)
    ? html`<a href="#slowest-${code}">${code}</a>`
    : html`${code}`;

/** What the time of each kind of crossing goes into: the differences of its phases' medians. */
export function breakdownSection(result: ResultFile): Html {
  const kinds = result.operations.figures.flatMap(({ code, phases }) => {
    const way = wayOf(code, result);
    if (way === undefined || way.from === way.to || phases.length === 0) return [];
    const medians = phases.map(({ phase, median }): [string, number] => [phase, median]);
    return [{ code, way, parts: partsOf({ ...way, phases: medians }) }];
  });
  if (kinds.length === 0) return html``;
  const total = (parts: (typeof kinds)[number]["parts"]): number =>
    parts.reduce((sum, { ms }) => sum + ms, 0);
  const longest = Math.max(...kinds.map(({ parts }) => total(parts)));
  return html`<section id="breakdown" aria-labelledby="h-breakdown"><h2 id="h-breakdown">Where a crossing’s time goes</h2>
<p class="hint">Between the medians of the phases of each kind, whose name leads to the slowest of it.</p>
${kinds.map(
  ({ code, way, parts }) =>
    html`<div class="kind"><h3>${kindLink(code, result)} <small>L${way.from} → L${way.to}, ${took(total(parts))}</small></h3><div class="bar" role="img" aria-label="${parts.map(({ part, ms }) => `${part} ${took(ms)}`).join(", ")}" style="width:${((total(parts) / longest) * 100).toFixed(2)}%">${parts.map(
      ({ part, ms }) => html`<i data-part="${part}" style="flex-grow:${ms.toFixed(1)}"></i>`,
    )}</div><ol class="parts">${parts.map(
      ({ part, ms }) => html`<li><i class="key" data-part="${part}"></i>${part} <b>${took(ms)}</b></li>`,
    )}</ol></div>`,
)}</section>`;
}

/** The slowest of each kind as a waterfall, and all that did not succeed. */
export function slowestSection(result: ResultFile): Html {
  const { slowest, failures, moreFailures } = result.operations;
  const codes = [...new Set(slowest.map(({ code }) => code))];
  const isCrossing = (code: string): boolean =>
    slowest.some((one) => one.code === code && one.from !== one.to);
  const ordered = codes.toSorted((a, b) => Number(isCrossing(b)) - Number(isCrossing(a)));
  const explorers = explorersOf(result);
  return html`<section id="slowest" aria-labelledby="h-slowest"><h2 id="h-slowest">The slowest</h2>
<p class="hint">Ten of each kind. Open one for its transactions on both chains and its records in op.log.</p>
<div class="filter" hidden><label for="slowest-code">Kind</label> <select id="slowest-code"><option value="">all</option>${ordered.map(
    (code) => html`<option>${code}</option>`,
  )}</select></div>
${ordered.map((code) => slowestKind(code, result, isCrossing(code)))}
${
  failures.length > 0 &&
  html`<h3 id="failures">What did not succeed</h3>${failures.map((one) => operationCard(one, 0, explorers))}${moreFailures > 0 && html`<p>… and ${counted(moreFailures)} more in op.log.</p>`}`
}</section>`;
}

const lengthIn = ({ phases }: ResultFile["operations"]["slowest"][number]): number => phases.at(-1)?.[1] ?? 0;

/** The slowest of one kind; bars of crossings are as long as those of other crossings. */
function slowestKind(code: string, result: ResultFile, isOpen: boolean): Html {
  const { slowest } = result.operations;
  const own = slowest.filter((one) => one.code === code);
  const longest = Math.max(0, ...slowest.map(lengthIn));
  return html`<details class="ops" id="slowest-${code}" data-code="${code}"${isOpen && html` open`}><summary><b>${code}</b> up to ${took(Math.max(...own.map(lengthIn)))}</summary>${own.map((one) => operationCard(one, longest, explorersOf(result)))}</details>`;
}

/** Gas used against estimated. */
export function gasSection(result: ResultFile): Html {
  const { operations } = result;
  const rows = operations.figures.filter(({ gasEstimated }) => gasEstimated !== "0");
  if (rows.length === 0) return html``;
  const each = ({ gasUsed, gasEstimated, count }: Figures): [number, number] => [
    Number(gasUsed) / count,
    Number(gasEstimated) / count,
  ];
  return html`<section id="gas" aria-labelledby="h-gas"><h2 id="h-gas">Gas used of what was estimated</h2>
<p class="hint">For each operation’s own transaction, on average.</p>
<ul class="gas">${rows.map((row) => {
    const [used, estimated] = each(row);
    const most = Math.max(used, estimated);
    const width = (gas: number): string => `${((gas / most) * 100).toFixed(2)}%`;
    return html`<li data-over="${String(used > estimated)}"><b>${kindLink(row.code, result)}</b><span class="gas-bar" aria-hidden="true"><i style="width:${width(estimated)}"></i><i style="width:${width(used)}"></i></span><span>${counted(Math.round(used))} of ${counted(Math.round(estimated))} (${estimated === 0 ? "–" : `${((used / estimated) * 100).toFixed(0)} %`})</span></li>`;
  })}</ul></section>`;
}

/** Calls and errors of both chains. */
export function trafficSection({ chains }: ResultFile): Html {
  if (chains === undefined) return html``;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Calls and errors"><table class="numbers"><thead><tr><th scope="col">chain</th><th scope="col">calls</th><th scope="col">HTTP requests</th><th scope="col">WebSocket</th><th scope="col">repeated</th><th scope="col">errors</th><th scope="col">outages</th><th scope="col">reorganisations</th></tr></thead><tbody>${(
    [1, 2] as const
  ).map((chain) => {
    const { traffic, outages, reorganisations } = chains[chain];
    const errors = Object.entries(traffic.errors).map(([kind, count]) => `${kind} ×${counted(count)}`);
    return html`<tr><th scope="row">L${chain}</th><td>${counted(traffic.requests)}</td><td>${counted(traffic.httpRequests)}</td><td>${counted(traffic.webSocketMessages)}</td><td>${counted(traffic.repeated)}</td><td>${errors.join(", ") || "none"}</td><td>${outages}</td><td>${reorganisations.length}</td></tr>`;
  })}</tbody></table></div>`;
}
