import type { GeneratorFigures, GeneratorMeter } from "../../stress/engine/base/index.ts";

/** A generator that has little to do, or what a test says. */
export const steadyMeter = (figures: () => Partial<GeneratorFigures> = () => ({})): GeneratorMeter => ({
  open: () => ({
    figures: () => ({ delayP99: 2, busy: 0.25, cpu: 0.5, ...figures() }),
    close: () => undefined,
  }),
});
