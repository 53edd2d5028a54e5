// Charts of a report's page: uPlot draws them, and each has a legend to choose from and the same figures as a table.
(() => {
  /** What draws each chart of the page anew. */
  const charts = new Set();

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== undefined));
    return made;
  };

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  /** Seconds since the run's start. */
  const clockText = (seconds) => {
    const whole = Math.round(seconds);
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };

  const numberText = (value) =>
    value === null || value === undefined
      ? "–"
      : value.toLocaleString("en-US", {
          maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0,
        });

  /**
   * Draws a chart of lines over time. The returned function takes it away.
   *
   * @param {HTMLElement} place
   * @param {{ title: string, unit: string, xs: number[], wide?: boolean, height?: number, zero?: boolean, extra?: HTMLElement,
   *   series: { label: string, values: (number | null)[], colour: string, hidden?: boolean }[], pick?: (at: number) => void }} chart
   */
  function drawChart(place, chart) {
    const { title, unit, xs, wide, extra, series, pick } = chart;
    const read = element("div", { class: "read", "aria-hidden": "true" });
    const plot = element("div", {
      class: "plot",
      role: "img",
      "aria-label": `${title}: ${summaryOf(chart)}`,
    });
    const shown = series.map(({ hidden }) => hidden !== true);
    const legend = element("div", { class: "legend", role: "group", "aria-label": `Lines of: ${title}` });
    const figure = element(
      "figure",
      wide ? { class: "wide" } : {},
      element("figcaption", {}, element("span", {}, `${title}, ${unit}`), extra),
      ...(series.length > 1 ? [legend] : []),
      plot,
      read,
      tableOf(chart, pick),
    );
    place.append(figure);
    let drawn;
    const draw = () => {
      drawn?.destroy();
      const [text, line] = [colour("soft"), colour("line")];
      const axis = {
        stroke: text,
        grid: { stroke: line, width: 1 },
        ticks: { stroke: line, width: 1 },
        font: "12px system-ui, sans-serif",
      };
      const isLone = xs.length < 40;
      drawn = new uPlot(
        {
          width: Math.max(200, plot.clientWidth),
          height: chart.height ?? 190,
          legend: { show: false },
          cursor: { drag: { x: false, y: false }, points: { size: 7 } },
          scales: {
            x: { time: false },
            y: { range: (_, low, high) => rangeOf(low, high, chart.zero !== false) },
          },
          axes: [
            { ...axis, values: (_, all) => all.map(clockText), space: 60, size: 32 },
            { ...axis, values: (_, all) => all.map(numberText), size: axisWidth },
          ],
          series: [
            {},
            ...series.map((one, at) => ({
              label: one.label,
              stroke: colour(one.colour),
              width: 2,
              spanGaps: true,
              show: shown[at],
              points: { show: isLone, size: 5, fill: colour(one.colour) },
            })),
          ],
          hooks: {
            setCursor: [
              ({ cursor: { idx } }) => {
                read.textContent =
                  idx === null || idx === undefined
                    ? ""
                    : `${clockText(xs[idx])}  ${series.flatMap(({ label, values }, at) => (shown[at] ? [`${label} ${numberText(values[idx])}`] : [])).join(", ")}`;
              },
            ],
          },
        },
        [xs, ...series.map(({ values }) => values)],
        plot,
      );
      drawn.root.setAttribute("aria-hidden", "true");
      drawn.over.addEventListener("click", () => {
        const { idx } = drawn.cursor;
        if (pick !== undefined && idx !== null && idx !== undefined) pick(idx);
      });
    };
    for (const [at, { label, colour: name }] of series.entries())
      legend.append(
        element(
          "button",
          {
            type: "button",
            "aria-pressed": String(shown[at]),
            onclick: ({ currentTarget }) => {
              shown[at] = !shown[at];
              currentTarget.setAttribute("aria-pressed", String(shown[at]));
              drawn.setSeries(at + 1, { show: shown[at] });
            },
          },
          element("i", { class: "key", style: `background: var(--${name})` }),
          label,
        ),
      );
    draw();
    charts.add(draw);
    // The window's width changes it, and so do the charts that come beside it.
    const sizes = new ResizeObserver(() => {
      const width = Math.max(200, plot.clientWidth);
      if (width !== drawn.width) drawn.setSize({ width, height: drawn.height });
    });
    sizes.observe(plot);
    return () => {
      sizes.disconnect();
      charts.delete(draw);
      figure.remove();
    };
  }

  /** Pixels that a vertical axis needs for its texts. */
  const axisWidth = (_, texts) =>
    texts === null || texts === undefined ? 40 : 16 + 7.5 * Math.max(1, ...texts.map((text) => text.length));

  function rangeOf(low, high, fromZero) {
    if (low === null || high === null) return [0, 1];
    if (fromZero) return [Math.min(0, low), high <= 0 ? 1 : high * 1.08];
    const room = (high - low) * 0.1 || Math.abs(high) * 0.01 || 1;
    return [low - room, high + room];
  }

  /** What a chart says, in a sentence. */
  function summaryOf({ series, unit }) {
    return series
      .map(({ label, values }) => {
        const known = values.filter((value) => value !== null && value !== undefined);
        if (known.length === 0) return `${label} nothing`;
        const [low, high] = known.reduce(
          ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
          [known[0], known[0]],
        );
        return `${label} ${numberText(low)} to ${numberText(high)}`;
      })
      .join("; ")
      .concat(` (${unit})`);
  }

  /** The chart's figures, filled in when they are asked for. */
  function tableOf({ title, xs, series }, pick) {
    const place = element("div", {
      class: "scroll chart-table",
      tabindex: "0",
      role: "group",
      "aria-label": `Figures of: ${title}`,
    });
    const details = element("details", {}, element("summary", {}, "As a table"), place);
    details.addEventListener("toggle", () => {
      if (!details.open || place.childElementCount > 0) return;
      const head = element(
        "tr",
        {},
        ...["time", ...series.map(({ label }) => label)].map((name) => element("th", { scope: "col" }, name)),
      );
      const rows = xs.map((x, at) => {
        const time = clockText(x);
        const first =
          pick === undefined
            ? time
            : element(
                "button",
                { type: "button", "aria-label": `Operations at ${time}`, onclick: () => pick(at) },
                time,
              );
        return element(
          "tr",
          {},
          element("th", { scope: "row" }, first),
          ...series.map(({ values }) => element("td", {}, numberText(values[at]))),
        );
      });
      place.append(
        element("table", { class: "numbers" }, element("thead", {}, head), element("tbody", {}, ...rows)),
      );
    });
    return details;
  }

  /** Colours change with the scheme, and for a printer. */
  function followChanges() {
    const drawAll = () => {
      for (const draw of charts) draw();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    matchMedia("print").addEventListener("change", drawAll);
  }
  globalThis.reportCharts = { element, clockText, drawChart, followChanges };
})();
