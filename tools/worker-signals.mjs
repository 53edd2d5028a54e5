// Preloaded into every worker of vitest. The terminal, `timeout` and CI signal the whole process group; only vitest's
// main process decides what a signal means (tools/control-server.ts), so a worker with a run open ignores them. An idle
// one still leaves on SIGTERM: vitest ends workers that way.
const exit = process.exit.bind(process);
const shared = /** @type {{ rollupStressWorker?: { busy: number } }} */ (/** @type {unknown} */ (globalThis));
const worker = (shared.rollupStressWorker ??= { busy: 0 });
// Nobody may be reading any more; the logs have it all.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", () => {
  if (worker.busy === 0) exit(143);
});
