import type { ResultFile, ResultOperation } from "../result/schema.ts";
import { type Html, html } from "./html.ts";
import { counted, moment, shortHash, took } from "./words.ts";

/** Where hashes of a chain are linked to; undefined where the target names no explorer. */
export type Explorers = (chain: 1 | 2 | undefined) => string | undefined;

export const explorersOf =
  ({ conditions: { chains } }: ResultFile): Explorers =>
  (chain) =>
    chain === undefined ? undefined : chains?.[chain].explorer;

/** A transaction's hash, linked to the target's explorer where it names one. */
export function hashLink(explorers: Explorers, chain: 1 | 2 | undefined, hash: string): Html {
  const explorer = explorers(chain);
  const code = html`<code title="${hash}">${shortHash(hash)}</code>`;
  return explorer === undefined ? code : html`<a href="${explorer}/tx/${hash}" rel="noreferrer">${code}</a>`;
}

/** One operation as a bar of what its time went into, which opens to all that is known of it. */
export function operationCard(operation: ResultOperation, longest: number, explorers: Explorers): Html {
  const { code, child, from, to, phases, parts, outcome } = operation;
  const length = phases.at(-1)?.[1] ?? 0;
  const width = longest === 0 ? 0 : (length / longest) * 100;
  const way = from === to ? `L${from}` : `L${from} → L${to}`;
  const told = parts.map(({ part, ms }) => `${part} ${took(ms)}`).join(", ");
  return html`<details class="op" data-code="${code}">
<summary><span class="op-code">${code}</span><span class="op-who">child ${child}, ${way}</span
><span class="op-bar" style="--w:${width.toFixed(2)}%"><span class="bar" role="img" aria-label="${told || "no phase reached"}">${parts.map(
    ({ part, ms }) => html`<i data-part="${part}" style="flex-grow:${ms.toFixed(1)}"></i>`,
  )}</span></span
><span class="op-time">${outcome === "succeeded" ? took(length) : outcome}</span></summary>
${operationFacts(operation, explorers)}
</details>`;
}

/** All that is known of an operation. */
export function operationFacts(operation: ResultOperation, explorers: Explorers): Html {
  const { from, to, startedAt, parts, transactions, journal, gasUsed, gasEstimated, why } = operation;
  return html`<div class="facts">
${why !== undefined && html`<p class="bad">${why}</p>`}
<p>Started ${moment(startedAt)}; gas ${counted(Number(gasUsed))} used of ${counted(Number(gasEstimated))} estimated.</p>
<ol class="parts">${parts.map(
    ({ part, ms }) => html`<li><i class="key" data-part="${part}"></i>${part} <b>${took(ms)}</b></li>`,
  )}</ol>
${
  transactions.length > 0 &&
  html`<div class="scroll" tabindex="0" role="group" aria-label="Transactions"><table><thead><tr><th scope="col">transaction</th><th scope="col">chain</th><th scope="col">hash</th><th scope="col">block</th><th scope="col">block’s time</th><th scope="col">seen after</th></tr></thead><tbody>${transactions.map(
    ({ what, chain, hash, block, blockTime, seen, reverted }) =>
      html`<tr><td>${what !== "own" ? what : from === to ? "transaction" : "deposit"}${reverted === true && " (reverted)"}</td><td>${chain === undefined ? "–" : `L${chain}`}</td><td>${hashLink(explorers, chain, hash)}</td><td>${block ?? "–"}</td><td>${blockTime === undefined ? "–" : moment(blockTime)}</td><td>${seen === undefined ? "–" : took(seen)}</td></tr>`,
  )}</tbody></table></div>`
}
<div class="scroll" tabindex="0" role="group" aria-label="Records in op.log"><pre>${journal.join("\n")}</pre></div>
</div>`;
}
