import { onTestFinished, vi } from "vitest";
import type { Handlers } from "../../stress/engine/base/index.ts";
import type { EngineEvent } from "../../stress/engine/events.ts";
import { Summary } from "../../stress/report/summary.ts";

/** Has this test's runs tell what happens in them, behind all others who are told. Once in a test: it is not added to. */
export function followEvents(...followers: readonly Handlers<EngineEvent>[]): void {
  const follow = Summary.prototype.follow;
  const spy = vi.spyOn(Summary.prototype, "follow").mockImplementation(function (
    this: Summary,
    stream: Parameters<typeof follow>[0],
  ) {
    follow.call(this, stream);
    for (const handlers of followers) stream.subscribe("report", handlers);
  });
  onTestFinished(() => spy.mockRestore());
}
