import { exactSeconds } from "../engine/base/index.ts";
import { LATE_MS, type LoadFigures } from "../engine/run/index.ts";
import { searchLine } from "./search-lines.ts";

/** What a start that found nobody can be helped with. */
const HINTS = { open: "more --children, or a lower --rate", search: "more --children" };

/** What became of a load's schedule, in lines; none where children set the pace themselves. */
export function loadLines(load: LoadFigures): string[] {
  if (load.model === "closed") return [];
  const { model, due, made, missed, late, latest } = load;
  const count = (starts: number): string => starts.toLocaleString("en-US");
  const head = `open load: ${count(due)} starts were due, ${count(made)} made`;
  return [
    missed === 0
      ? head
      : `${head}; ${count(missed)} missed: no child was free that could begin anything (${HINTS[model]})`,
    `starts came up to ${exactSeconds(latest)} after their time${late === 0 ? "" : `, ${count(late)} of them more than ${exactSeconds(LATE_MS)}`}`,
    ...(load.model === "search" ? [searchLine(load)] : []),
  ];
}
