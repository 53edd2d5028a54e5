import { exactSeconds } from "../engine/base/index.ts";
import { LATE_MS, type LoadFigures } from "../engine/run/index.ts";

/** What became of a load's schedule, in lines; none where children set the pace themselves. */
export function loadLines(load: LoadFigures): string[] {
  if (load.model === "closed") return [];
  const { due, made, missed, late, latest } = load;
  const count = (starts: number): string => starts.toLocaleString("en-US");
  const head = `open load: ${count(due)} starts were due, ${count(made)} made`;
  return [
    missed === 0
      ? head
      : `${head}; ${count(missed)} missed: no child was free that could begin anything (more --children, or a lower --rate)`,
    `starts came up to ${exactSeconds(latest)} after their time${late === 0 ? "" : `, ${count(late)} of them more than ${exactSeconds(LATE_MS)}`}`,
  ];
}
