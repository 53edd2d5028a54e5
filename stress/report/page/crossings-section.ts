import { CROSSING_CLASSES } from "../../engine/audit/index.ts";
import type { ResultFile } from "../result/schema.ts";
import { type Html, html } from "./html.ts";
import { type Explorers, explorersOf, hashLink } from "./operation-cards.ts";
import { counted, inEther, moment, plural, shortHash, took } from "./words.ts";

/** Crossings that a page shows: what a result has of more is in its file. */
const MOST_SHOWN = 200;

/** The exactly-once audit: how many are in each class, and each one that was not simply paid once. */
export function crossingsSection(result: ResultFile): Html {
  const { crossings } = result;
  if (crossings === undefined) return html``;
  const { counts, late, outOfOrder, exceptions, fromStrangers } = crossings;
  const classes = CROSSING_CLASSES.filter((one) => one === "paid once" || (counts[one] ?? 0) > 0);
  const shown = exceptions.slice(0, MOST_SHOWN);
  return html`<section id="crossings" aria-labelledby="h-crossings"><h2 id="h-crossings">Crossings</h2>
<ul class="chips">${classes.map(
    (one) => html`<li data-class="${one}"><b>${counted(counts[one] ?? 0)}</b> ${one}</li>`,
  )}<li><b>${counted(late)}</b> late</li><li><b>${counted(outOfOrder)}</b> out of order</li></ul>
${fromStrangers.length > 0 && html`<p>${plural(fromStrangers.length, "payout")} came from messages of others.</p>`}
${
  shown.length === 0
    ? html`<p>None is to be looked at: each was paid once, in time.</p>`
    : html`<div class="cases">${shown.map((one) => crossingCase(one, explorersOf(result)))}</div>`
}
${exceptions.length > shown.length && html`<p>… and ${counted(exceptions.length - shown.length)} more in result.json.</p>`}
</section>`;
}

type Crossing = NonNullable<ResultFile["crossings"]>["exceptions"][number];

/** A block's own time, behind its number. */
const inBlock = (at: number | undefined): string => (at === undefined ? "" : ` (${moment(at)})`);

function crossingCase(crossing: Crossing, explorers: Explorers): Html {
  const {
    code,
    who,
    from,
    paidOn,
    hash,
    block,
    arrivals,
    message,
    deposit,
    due,
    paid,
    difference,
    age,
    late,
  } = crossing;
  const amount = (units: string): string =>
    crossing.asset === "balance" ? `${inEther(units)} ETH` : `${units} ${crossing.asset}`;
  return html`<details class="case"><summary><b data-class="${crossing.class}">${crossing.class}${late && ", late"}</b> ${code} of ${who === "funder" ? "the funder" : `child ${who}`}, ${amount(deposit)}, ${took(age)}</summary>
<dl class="rows"><div><dt>deposit</dt><dd>L${from}, ${hashLink(explorers, from, hash)}${block !== undefined && `, block ${block}${inBlock(crossing.blockTime)}`}${crossing.startedAt !== undefined && `, begun ${moment(crossing.startedAt)}`}</dd></div>
${message !== undefined && html`<div><dt>message</dt><dd><code title="${message}">${shortHash(message)}</code></dd></div>`}
${arrivals.map(
  ({ chain, hash, block, blockTime, at, paid }) =>
    html`<div><dt>${paid ? "payout" : "arrival without a payout"}</dt><dd>L${chain}, ${hashLink(explorers, chain, hash)}, block ${block}${inBlock(blockTime)}, seen ${moment(at)}</dd></div>`,
)}
<div><dt>due on L${paidOn}</dt><dd>${amount(due)}</dd></div><div><dt>paid</dt><dd>${amount(paid)}</dd></div><div><dt>difference</dt><dd>${amount(difference)}</dd></div></dl></details>`;
}
