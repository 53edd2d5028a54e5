/** What the process that generates the load had to do in a span of time. */
export interface GeneratorFigures {
  /** How much later than asked for 99 of 100 turns of its event loop came at most. Milliseconds. */
  readonly delayP99: number;
  /** The part of the time in which its event loop did not wait for anything: 0 to 1. */
  readonly busy: number;
  /** Processor time by elapsed time, its threads included: 1 is one core. */
  readonly cpu: number;
}

/** A span of time that is being measured. */
export interface GeneratorSpan {
  /** Since it was opened. */
  figures(): GeneratorFigures;
  /** Ends it: its figures stay what they are. */
  close(): void;
}

/** Measures the process itself; passed in, as time is, so that a simulated run has figures that do not change. */
export interface GeneratorMeter {
  /** Measures from now on. Spans may overlap. */
  open(): GeneratorSpan;
}
