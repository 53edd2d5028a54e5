/** Operations of a run that are no load: funding, refunds, and the end of a child. */
const NO_LOAD: ReadonlySet<string> = new Set(["IF", "RF", "DN"]);

/** How many operations there were, as far as both figures and results tell. */
interface Counted {
  readonly code: string;
  readonly count: number;
  readonly failed: number;
}

/** Whether an operation is what children are driven through. */
export const isLoad = (code: string): boolean => !NO_LOAD.has(code);

/** All operations of a load together. */
export function loadOf(figures: readonly Counted[]): { readonly count: number; readonly failed: number } {
  const own = figures.filter(({ code }) => isLoad(code));
  return {
    count: own.reduce((sum, one) => sum + one.count, 0),
    failed: own.reduce((sum, one) => sum + one.failed, 0),
  };
}
