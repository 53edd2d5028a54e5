// Runs the worlds that it is sent, one after the other, and tells what became of each.
import { parseOnly, type Selection } from "./selection.ts";
import type { Request } from "./judges.ts";
import { verdictOf } from "./verdict.ts";

process.on("message", ({ only, ...rest }: Request) => {
  const selection: Selection = only === undefined ? rest : { ...rest, only: parseOnly(only) };
  void verdictOf(selection).then((verdict) => process.send?.(verdict));
});
