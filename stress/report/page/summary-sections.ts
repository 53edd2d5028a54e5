import { CROSSING_CLASSES } from "../../engine/audit/index.ts";
import type { ResultFile } from "../result/schema.ts";
import { type Html, html } from "./html.ts";
import {
  counted,
  inEther,
  lengthOfRun,
  moment,
  roundEther,
  throughput,
  took,
  verdictSentence,
  verdictTitle,
} from "./words.ts";

const SIGNS: Readonly<Record<ResultFile["verdict"]["is"], string>> = {
  held: "✓",
  "not held": "✕",
  stopped: "■",
  unfinished: "?",
  unproven: "–",
};

/** The verdict, before anything else. */
export function verdictSection(result: ResultFile): Html {
  const { verdict, conditions, time, findings } = result;
  const { scenario, target, protocol, children } = conditions;
  return html`<header class="verdict" data-is="${verdict.is}">
<p class="sign" aria-hidden="true">${SIGNS[verdict.is]}</p>
<div><h1>${verdictTitle(verdict)}</h1>
<p class="lead">${verdictSentence(result)}</p>
${verdict.reasons.length > 0 && html`<ul class="reasons">${verdict.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${
  findings.length > 0 &&
  html`<p>Noticed: ${findings.map(({ detector, what }, at) => html`${at > 0 && "; "}<b>${detector}</b> (${what})`)}.</p>`
}
<p class="of"><b>${scenario}</b> on <b>${target}</b> (${protocol}), ${counted(children)} children, ${moment(time.startedAt)}, ${took(lengthOfRun(result))}${result.end !== undefined && `; ended: ${result.end.told}`}</p></div>
</header>`;
}

/** The figures that most people look for. */
export function figuresSection(result: ResultFile): Html {
  const { operations, crossings, books } = result;
  const all = crossings && CROSSING_CLASSES.reduce((sum, one) => sum + (crossings.counts[one] ?? 0), 0);
  const unaccounted = books && [books.unaccounted[1], books.unaccounted[2]];
  const cards: [string, string, string][] = [
    ["operations", counted(operations.performed), `${throughput(result).toFixed(1)} a second under load`],
    [
      "failed",
      counted(operations.failed),
      operations.abandoned === 0 ? "none given up" : `${operations.abandoned} given up`,
    ],
    ...(crossings === undefined || all === undefined
      ? []
      : [
          [
            "crossings paid once",
            `${counted(crossings.counts["paid once"] ?? 0)} of ${counted(all)}`,
            `${crossings.late} late, ${crossings.outOfOrder} out of order`,
          ] as [string, string, string],
        ]),
    ...(books === undefined || unaccounted === undefined
      ? []
      : ([
          [
            "not accounted for",
            unaccounted.every((wei) => wei === "0") ? "0 wei" : `${unaccounted.join(", ")} wei`,
            "on L1 and L2",
          ],
          ["cost", `${roundEther(books.cost)} ETH`, `${roundEther(books.unreturned)} ETH not back`],
        ] as [string, string, string][])),
  ];
  return html`<ul class="cards">${cards.map(
    ([label, figure, more]) =>
      html`<li><span>${label}</span><strong>${figure}</strong><small>${more}</small></li>`,
  )}</ul>`;
}

/** When the run was at what, as one bar. */
export function phasesSection({ time }: ResultFile): Html {
  if (time.phases.length === 0) return html``;
  const told = time.phases.map(({ phase, ms }) => `${phase} ${took(ms)}`).join(", ");
  return html`<div class="run-phases"><div class="bar" role="img" aria-label="Phases of the run: ${told}">${time.phases.map(
    ({ phase, ms }) => html`<i data-run="${phase}" style="flex-grow:${ms.toFixed(0)}"></i>`,
  )}</div><ol class="parts">${time.phases.map(
    ({ phase, ms }) => html`<li><i class="key" data-run="${phase}"></i>${phase} <b>${took(ms)}</b></li>`,
  )}</ol></div>`;
}

/** Under which conditions it was measured. */
export function conditionsSection({ conditions, generator, load, injected }: ResultFile): Html {
  const { seed, options, commit, chains, environment, fork } = conditions;
  const given = Object.entries(options).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${String(value)}`,
  );
  const rows: [string, Html | string][] = [
    ...(seed === undefined ? [] : [["seed", String(seed)] as [string, string]]),
    ["command line", given.join(" ") || "–"],
    ...(load === undefined ? [] : [["load model", load.model] as [string, string]]),
    ...([1, 2] as const).flatMap((chain): [string, string][] => {
      if (chains === undefined) return [];
      const { endpoints, chainId, client, confirmations } = chains[chain];
      const id = chainId === undefined ? "" : `chain ${chainId}, `;
      return [
        [
          `L${chain}`,
          `${id}${client ?? "client not told"}, ${endpoints.join(", ")}, ${confirmations} confirmations`,
        ],
      ];
    }),
    ...(commit === undefined ? [] : [["suite’s commit", html`<code>${commit}</code>`] as [string, Html]]),
    ...(environment === undefined
      ? []
      : [
          [
            "machine",
            `${environment.cores} × ${environment.processor}, ${Math.round(environment.memory / 2 ** 30)} GiB, ${environment.system}, Node ${environment.node}${environment.ci ? ", CI" : ""}`,
          ] as [string, string],
        ]),
    ...(generator === undefined
      ? []
      : [
          [
            "driver",
            `${generator.cpu.toFixed(2)} of a core, busy ${(generator.busy * 100).toFixed(0)} % of the time, delay p99 ${took(generator.delayP99)}${generator.bottlenecks.length === 0 ? "" : `: the bottleneck, ${generator.bottlenecks.join("; ")}`}`,
          ] as [string, string],
        ]),
    ...(fork === undefined ? [] : [["fork", JSON.stringify(fork)] as [string, string]]),
  ];
  return html`<section id="conditions" aria-labelledby="h-conditions"><h2 id="h-conditions">Conditions</h2>
<dl class="rows">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${
  injected.length > 0 &&
  html`<h3>Faults on purpose</h3><ul>${injected.map(({ fault, what }) => html`<li><b>${String(fault)}</b>: ${String(what)}</li>`)}</ul>`
}</section>`;
}

/** What accounts had, what happened to it, and what they have. */
export function booksSection({ books }: ResultFile): Html {
  if (books === undefined) return html``;
  const assets = new Set(books.assets.filter(({ isEther }) => isEther).map(({ name }) => name));
  const ether = (amounts: Readonly<Record<string, string>> = {}): string =>
    String(
      Object.entries(amounts).reduce((sum, [name, wei]) => (assets.has(name) ? sum + BigInt(wei) : sum), 0n),
    );
  const [one, two] = [books.chains[1], books.chains[2]];
  const of = (chain: typeof one, cause: string): string =>
    chain.kind === "unknown" ? "not known" : inEther(ether(chain.causes[cause]));
  const causes = new Set(
    [one, two].flatMap((chain) => (chain.kind === "unknown" ? [] : Object.keys(chain.causes))),
  );
  const edge = (chain: typeof one, which: "opening" | "closing"): string =>
    chain.kind === "unknown" ? "not known" : inEther(ether(chain[which]));
  const rows = [
    ["opening", edge(one, "opening"), edge(two, "opening")],
    ...[...causes].map((cause) => [cause, of(one, cause), of(two, cause)]),
    ["closing", edge(one, "closing"), edge(two, "closing")],
    ["not accounted for", inEther(books.unaccounted[1]), inEther(books.unaccounted[2])],
  ].filter(([, l1, l2], at, all) => at === 0 || at >= all.length - 2 || l1 !== "0" || l2 !== "0");
  return html`<section id="books" aria-labelledby="h-books"><h2 id="h-books">Books</h2>
<p>${books.conserved ? "Every wei is accounted for." : html`<b class="bad">Not every wei is accounted for.</b>`} The run cost ${inEther(books.cost)} ETH.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Books"><table class="numbers"><thead><tr><th scope="col">ETH</th><th scope="col">L1</th><th scope="col">L2</th></tr></thead><tbody>${rows.map(
    ([name, l1, l2]) => html`<tr><th scope="row">${name}</th><td>${l1}</td><td>${l2}</td></tr>`,
  )}</tbody></table></div>
${[one, two].map((chain) => differences(chain))}</section>`;
}

function differences(chain: NonNullable<ResultFile["books"]>["chains"][1]): Html {
  if (chain.kind === "unknown")
    return html`<p class="bad">L${chain.chain} could not be read: ${chain.reason}</p>`;
  return html`${chain.differences.map(
    ({ account, between, amounts, transactions, untold = [] }) =>
      html`<p class="bad">L${chain.chain}, account <code>${account}</code>, blocks ${between[0]} to ${between[1]}: ${Object.entries(
        amounts,
      )
        .map(([name, amount]) => `${amount} wei of ${name}`)
        .join(
          ", ",
        )}; transactions ${transactions.map((hash) => html`<code>${hash}</code> `)}${untold.length > 0 && `; its receipts do not tell ${untold.join(", ")}`}</p>`,
  )}`;
}
