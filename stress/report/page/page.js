// What a report's page does beside being read: its charts, and the operations behind a moment of them.
(() => {
  const { element, clockText, drawChart, followChanges } = globalThis.reportCharts;

  const { operations, samples, time, explorers } = JSON.parse(document.getElementById("result").textContent);
  const COLOURS = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c9", "c10"];
  const since = (at) => (at - time.startedAt) / 1000;

  /** Operations that the run itself is in need of: left out at first. */
  const OF_THE_RUN = ["IF", "RF"];

  function drawOverTime() {
    const place = document.querySelector('[data-charts="time"]');
    const { from, spanMs, spans } = operations.overTime;
    if (spans.length === 0) return;
    const ofChildren = (code) => !OF_THE_RUN.includes(code);
    const known = [...new Set(spans.flatMap((span) => Object.keys(span)))].sort((a, b) => a.localeCompare(b));
    const codes = [...known.filter(ofChildren), ...known.filter((code) => !ofChildren(code))];
    const xs = spans.map((_, at) => since(from + at * spanMs));
    const perSecond = (count) => (count * 1000) / spanMs;
    const all = (of) => spans.map((span) => Object.values(span).reduce((sum, one) => sum + of(one), 0));
    const failed = all((one) => one.failed);
    const pick = (at) => showMoment("moment", at);
    drawChart(place, {
      title: "Operations that ended",
      unit: "a second",
      wide: true,
      height: 240,
      xs,
      pick,
      series: [
        ...codes.map((code, at) => ({
          label: code,
          colour: ofChildren(code) ? COLOURS[at % COLOURS.length] : "c8",
          hidden: !ofChildren(code),
          values: spans.map((span) => perSecond(span[code]?.done ?? 0)),
        })),
        {
          label: "failed",
          colour: "bad",
          hidden: failed.every((count) => count === 0),
          values: failed.map(perSecond),
        },
      ],
    });
    drawPercentiles(place, { codes, spans, xs, pick });
  }

  /** One chart, of the kind that is chosen. */
  function drawPercentiles(place, { codes, spans, xs, pick }) {
    const timed = codes.filter((code) => spans.some((span) => span[code]?.median !== undefined));
    if (timed.length === 0) return;
    const choice = element(
      "select",
      { "aria-label": "Kind of operation" },
      ...timed.map((code) => element("option", {}, code)),
    );
    // Crossings are what people come for.
    choice.value = ["FX", "SX", "FO", "SO"].find((code) => timed.includes(code)) ?? timed[0];
    const holder = element("div", { class: "wide" });
    place.append(holder);
    let remove = () => undefined;
    const draw = () => {
      const code = choice.value;
      const of = (name) =>
        spans.map((span) => (span[code]?.[name] === undefined ? null : span[code][name] / 1000));
      remove();
      remove = drawChart(holder, {
        title: "From start to end",
        unit: "seconds",
        extra: choice,
        height: 240,
        xs,
        pick,
        series: [
          { label: "median", colour: "c3", values: of("median") },
          { label: "p95", colour: "c2", values: of("p95") },
          { label: "p99", colour: "c4", values: of("p99") },
        ],
      });
    };
    choice.addEventListener("change", () => {
      draw();
      // It went with the chart that it stood in, and is where the keyboard was.
      choice.focus({ preventScroll: true });
    });
    draw();
  }

  /** The operations behind a span of time: the slowest of each kind that ended in it, and what failed. */
  function showMoment(id, at) {
    const { from, spanMs, spans } = operations.overTime;
    const begins = from + at * spanMs;
    const span = spans[at] ?? {};
    const place = document.getElementById(id);
    const failures = operations.failures.filter((one) => {
      const ended = one.startedAt + (one.phases.at(-1)?.[1] ?? 0);
      return ended >= begins && ended < begins + spanMs;
    });
    const kinds = Object.entries(span).sort(([a], [b]) => a.localeCompare(b));
    const title = element(
      "h3",
      { tabindex: "-1" },
      `${clockText(since(begins))} to ${clockText(since(begins + spanMs))}`,
    );
    place.replaceChildren(
      title,
      ...(kinds.length === 0 ? [element("p", {}, "Nothing began or ended.")] : []),
      ...kinds.map(([code, { started, done, failed, slowest }]) =>
        element(
          "details",
          { class: "case" },
          element(
            "summary",
            {},
            element("b", {}, code),
            ` ${started} began, ${done} ended${failed > 0 ? `, ${failed} failed` : ""}${slowest === undefined ? "" : `; the slowest took ${tookText(slowest.phases.at(-1)?.[1] ?? 0)}`}`,
          ),
          ...(slowest === undefined ? [] : [factsOf(slowest)]),
        ),
      ),
      ...(failures.length === 0 ? [] : [element("h3", {}, "Failed"), ...failures.map(factsOf)]),
    );
    place.hidden = false;
    title.focus();
  }

  const tookText = (ms) =>
    ms < 1000
      ? `${Math.round(ms)} ms`
      : ms < 60_000
        ? `${(ms / 1000).toFixed(2)} s`
        : `${Math.round(ms / 1000)} s`;

  const momentText = (at) =>
    at === undefined
      ? "–"
      : new Date(at)
          .toISOString()
          .replace("T", " ")
          .replace(/\.\d+Z$/, " UTC");

  function hashOf(chain, hash) {
    const code = element("code", { title: hash }, `${hash.slice(0, 10)}…${hash.slice(-6)}`);
    const explorer = chain === undefined ? undefined : explorers[chain - 1];
    return typeof explorer === "string"
      ? element("a", { href: `${explorer}/tx/${hash}`, rel: "noreferrer" }, code)
      : code;
  }

  /** All that is known of an operation, as its card in the page has it. */
  function factsOf({ child, from, to, why, startedAt, parts, transactions, journal }) {
    const head = ["transaction", "chain", "hash", "block", "block’s time", "seen after"];
    return element(
      "div",
      { class: "facts" },
      ...(why === undefined ? [] : [element("p", { class: "bad" }, why)]),
      element(
        "p",
        {},
        `Child ${child}, ${from === to ? `L${from}` : `L${from} → L${to}`}, started ${momentText(startedAt)}.`,
      ),
      element(
        "ol",
        { class: "parts" },
        ...parts.map(({ part, ms }) =>
          element(
            "li",
            {},
            element("i", { class: "key", "data-part": part }),
            `${part} `,
            element("b", {}, tookText(ms)),
          ),
        ),
      ),
      element(
        "div",
        { class: "scroll", tabindex: "0", role: "group", "aria-label": "Transactions" },
        element(
          "table",
          {},
          element(
            "thead",
            {},
            element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name))),
          ),
          element(
            "tbody",
            {},
            ...transactions.map(({ what, chain, hash, block, blockTime, seen }) =>
              element(
                "tr",
                {},
                ...[
                  what !== "own" ? what : from === to ? "transaction" : "deposit",
                  chain === undefined ? "–" : `L${chain}`,
                  hashOf(chain, hash),
                  String(block ?? "–"),
                  momentText(blockTime),
                  seen === undefined ? "–" : tookText(seen),
                ].map((cell) => element("td", {}, cell)),
              ),
            ),
          ),
        ),
      ),
      element(
        "div",
        { class: "scroll", tabindex: "0", role: "group", "aria-label": "Records in op.log" },
        element("pre", {}, journal.join("\n")),
      ),
    );
  }

  /** What was looked at now and then: bridge, wire and driver. */
  function drawSamples() {
    const place = document.querySelector('[data-charts="samples"]');
    if (samples.length < 2) return;
    const xs = samples.map(({ at }) => since(at));
    const { from, spanMs } = operations.overTime;
    const pick = (at) => showMoment("wire-moment", Math.floor((samples[at].at - from) / spanMs));
    const lines = (chart) => drawChart(place, { xs, height: 150, pick, ...chart });
    for (const name of Object.keys(samples[0].levels))
      lines({
        title: `Kept: ${name}`,
        unit: "ETH",
        zero: false,
        series: [
          {
            label: name,
            colour: "c5",
            values: samples.map(({ levels }) =>
              levels[name] === undefined ? null : Number(levels[name]) / 1e18,
            ),
          },
        ],
      });
    const between = (of) => samples.map((one, at) => (at === 0 ? null : of(one) - of(samples[at - 1])));
    const each = (of) =>
      between(of).map((count, at) => (count === null ? null : count / Math.max(0.001, xs[at] - xs[at - 1])));
    lines({
      title: "Calls",
      unit: "a second",
      series: [1, 2].map((chain) => ({
        label: `L${chain}`,
        colour: COLOURS[chain - 1],
        values: each(({ calls }) => calls[chain - 1]),
      })),
    });
    lines({
      title: "Errors and repeated calls",
      unit: "since the look before",
      series: [1, 2].flatMap((chain) => [
        {
          label: `errors of L${chain}`,
          colour: COLOURS[chain + 1],
          values: between(({ errors }) => errors[chain - 1]),
        },
        {
          label: `repeated on L${chain}`,
          colour: COLOURS[chain + 3],
          values: between(({ repeated }) => repeated[chain - 1]),
        },
      ]),
    });
    lines({
      title: "Operations under way",
      unit: "at that moment",
      series: [{ label: "open", colour: "c1", values: samples.map(({ open }) => open) }],
    });
    lines({
      title: "The driver’s process",
      unit: "%",
      series: [
        {
          label: "event loop busy",
          colour: "c3",
          values: samples.map(({ generator }) => generator.busy * 100),
        },
        { label: "of a core", colour: "c2", values: samples.map(({ generator }) => generator.cpu * 100) },
      ],
    });
    lines({
      title: "The driver’s delay, p99",
      unit: "ms",
      series: [{ label: "delay", colour: "c4", values: samples.map(({ generator }) => generator.delayP99) }],
    });
  }

  /** Shows one kind of the slowest alone: that which is chosen, or was asked for by a link. */
  function filterSlowest() {
    const choice = document.getElementById("slowest-code");
    if (choice === null) return;
    choice.parentElement.hidden = false;
    const kinds = [...document.querySelectorAll("#slowest .ops")];
    const show = () => {
      for (const kind of kinds) kind.hidden = choice.value !== "" && kind.dataset.code !== choice.value;
    };
    choice.addEventListener("change", show);
    const follow = () => {
      const asked = kinds.find(({ id }) => `#${id}` === location.hash);
      if (asked === undefined) return;
      choice.value = asked.dataset.code;
      show();
      asked.open = true;
      asked.scrollIntoView();
      asked.querySelector("summary").focus();
    };
    addEventListener("hashchange", follow);
    // A link that was followed before changes nothing of the address, and is to be followed all the same.
    document.addEventListener("click", (click) => {
      const link = click.target.closest('a[href^="#slowest-"]');
      if (link === null) return;
      click.preventDefault();
      history.pushState(null, "", link.hash);
      follow();
    });
    follow();
  }

  drawOverTime();
  drawSamples();
  filterSlowest();
  followChanges();
})();
