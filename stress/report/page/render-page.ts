import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ResultFile } from "../result/schema.ts";
import { crossingsSection } from "./crossings-section.ts";
import { Html, html, scriptJson } from "./html.ts";
import {
  breakdownSection,
  gasSection,
  operationsSection,
  slowestSection,
  trafficSection,
} from "./operations-section.ts";
import {
  booksSection,
  conditionsSection,
  figuresSection,
  phasesSection,
  verdictSection,
} from "./summary-sections.ts";
import { verdictTitle } from "./words.ts";

const require = createRequire(import.meta.url);
const read = (path: string): Html => new Html(readFileSync(path, "utf8"));
const own = (name: string): Html => read(join(import.meta.dirname, name));

/** What a page consists of beside the result: read once, as a process may write many. */
let assets: { readonly style: Html; readonly script: Html } | undefined;

function assetsOf(): NonNullable<typeof assets> {
  if (assets === undefined) {
    const chart = (name: string): Html => read(require.resolve(`uplot/dist/${name}`));
    assets = {
      style: html`${chart("uPlot.min.css")}\n${own("page.css")}`,
      script: html`${chart("uPlot.iife.min.js")}\n${own("charts.js")}\n${own("page.js")}`,
    };
  }
  return assets;
}

/** What a page may do: show itself. Whatever a result holds, no request leaves it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A result as one self-contained page that opens offline and asks nothing of any server. */
export function renderPage(result: ResultFile): string {
  const { style, script } = assetsOf();
  const { scenario, target } = result.conditions;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${verdictTitle(result.verdict)}: ${scenario} on ${target}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the report</a>
${verdictSection(result)}
${navigation(result)}
<main id="main" tabindex="-1">
${figuresSection(result)}
${phasesSection(result)}
${conditionsSection(result)}
${booksSection(result)}
${crossingsSection(result)}
${chartsSection()}
${breakdownSection(result)}
${slowestSection(result)}
${operationsSection(result)}
${gasSection(result)}
<section id="wire" aria-labelledby="h-wire"><h2 id="h-wire">The bridge, calls and the driver</h2>
<p class="hint">What the bridge keeps, what went over the wire, and what the driver itself had to do: its limits bound what was measured. Choose a moment for the operations behind it.</p>
${trafficSection(result)}
<div class="charts" data-charts="samples"></div>
${momentRegion("wire-moment")}</section>
</main>
<script type="application/json" id="result">${scriptJson(shownOf(result))}</script>
<script>${script}</script>
</body>
</html>
`;
  return page.text;
}

const chartsSection =
  (): Html => html`<section id="time" aria-labelledby="h-time"><h2 id="h-time">Over time</h2>
<p class="hint">Choose a moment in a chart, or in its table, for the operations behind it.</p>
<noscript><p>Charts need JavaScript; all tables are here without it.</p></noscript>
<div class="charts" data-charts="time"></div>
${momentRegion("moment")}</section>`;

/** Where the operations behind a moment of a chart are shown: below the charts that it was chosen in. */
const momentRegion = (id: string): Html =>
  html`<div id="${id}" class="moment" role="region" aria-label="Operations of the chosen moment" aria-live="polite" hidden></div>`;

/** What the page's script needs: the rest stands in the markup already. */
const shownOf = ({ operations, samples, time, conditions }: ResultFile): unknown => ({
  operations: { overTime: operations.overTime, failures: operations.failures },
  samples,
  time,
  explorers: [conditions.chains?.[1].explorer, conditions.chains?.[2].explorer],
});

function navigation({ crossings, books }: ResultFile): Html {
  const links: [string, string][] = [
    ["conditions", "Conditions"],
    ...(books === undefined ? [] : ([["books", "Books"]] as [string, string][])),
    ...(crossings === undefined ? [] : ([["crossings", "Crossings"]] as [string, string][])),
    ["time", "Over time"],
    ["slowest", "Slowest"],
    ["operations", "Operations"],
    ["wire", "Bridge, calls, driver"],
  ];
  return html`<nav aria-label="Parts of the report"><ul>${links.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`;
}
