/**
 * Node's options for the process that drives a run. V8 lets garbage grow to as much as what is in use, and to 48 MB of what is new. With these it is
 * collected earlier: with 10,000 children, 589 to 672 MB instead of 1 GB and more.
 */
export const FRUGAL_MEMORY = ["--max-semi-space-size=8", "--heap-growing-percent=40"];
