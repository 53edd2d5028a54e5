import type { LoadFigures } from "../engine/run/index.ts";

/** What became of a load's schedule, in a line; none where children set the pace themselves. */
export function loadLines(load: LoadFigures): string[] {
  if (load.model === "closed") return [];
  const { due, made, missed } = load;
  const count = (starts: number): string => starts.toLocaleString("en-US");
  const head = `open load: ${count(due)} starts were due, ${count(made)} made`;
  if (missed === 0) return [head];
  return [
    `${head}; ${count(missed)} missed: no child was free that could begin anything (more --children, or a lower --rate)`,
  ];
}
