import { stripVTControlCharacters } from "node:util";

/** The lines at the bottom of a terminal that vitest draws anew all the time: ours go above its own. */
export interface VitestWindow {
  /** Characters of a line, and lines that are left for us. */
  readonly room: { readonly columns: number; readonly rows: number };
  /** Has other lines drawn from now on. */
  show(lines: readonly string[]): void;
  close(): void;
}

/** What is asked of vitest's display. */
interface Summary {
  createSummary: () => string[];
  readonly renderer: { windowHeight: number; schedule: () => void };
}

/** Lines above the window that stay visible: what was printed last is read there. */
const ABOVE = 4;

/**
 * vitest's window, where its reporter has one: in a terminal, with `default`, `verbose` or `tree`. It has no door for others' lines; what
 * is used of it is looked at first, and where it is not as expected there is none.
 *
 * @param vitest its instance, with its reporters
 * @param terminal what it draws on
 */
export function windowOf(
  vitest: object,
  terminal: Pick<NodeJS.WriteStream, "columns" | "rows" | "on" | "off">,
): VitestWindow | undefined {
  const reporters: unknown = Reflect.get(vitest, "reporters");
  const summary = (Array.isArray(reporters) ? reporters : []).map(summaryOf).find((one) => one !== undefined);
  if (summary === undefined) return undefined;
  const own = summary.createSummary;
  const drawOwn = (): string[] => own.call(summary);
  let lines: readonly string[] = [];
  let drawn: readonly string[] = [];
  let { columns } = terminal;
  summary.createSummary = () => {
    columns = terminal.columns;
    drawn = [...lines, ...drawOwn()];
    return [...drawn];
  };
  // A terminal breaks lines up anew that have become too long: so much more, or less, has to be cleared.
  const onResize = (): void => {
    const before = heightOf(drawn, columns);
    columns = terminal.columns;
    const { renderer } = summary;
    if (renderer.windowHeight > 0) renderer.windowHeight += heightOf(drawn, columns) - before;
    renderer.schedule();
  };
  terminal.on("resize", onResize);
  return {
    get room() {
      const rows = terminal.rows - ABOVE - heightOf(drawOwn(), terminal.columns);
      return { columns: terminal.columns - 1, rows: Math.max(0, rows) };
    },
    show: (newer) => {
      lines = newer;
      summary.renderer.schedule();
    },
    close: () => {
      terminal.off("resize", onResize);
      summary.createSummary = own;
    },
  };
}

function summaryOf(reporter: unknown): Summary | undefined {
  const summary: unknown = propertyOf(reporter, "summary");
  const renderer = propertyOf(summary, "renderer");
  const isAsExpected =
    typeof propertyOf(summary, "createSummary") === "function" &&
    typeof propertyOf(renderer, "schedule") === "function" &&
    typeof propertyOf(renderer, "windowHeight") === "number";
  return isAsExpected ? (summary as Summary) : undefined;
}

const propertyOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

/** Lines of a terminal that these take, as vitest reckons it. */
function heightOf(lines: readonly string[], columns: number): number {
  return lines.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)),
    0,
  );
}
