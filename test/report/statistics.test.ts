import { afterEach, expect, onTestFinished, test } from "vitest";
import { Stop } from "../../stress/engine/base/index.ts";
import { Census } from "../../stress/engine/run/census.ts";
import type { Run } from "../../stress/engine/run/index.ts";
import { Statistics } from "../../stress/report/statistics.ts";
import type { BridgeStatus } from "../../stress/protocols/protocol.ts";
import { deadEndpoint } from "../fakes/chain.ts";
import { performing } from "../fakes/performing.ts";
import { settled, wakeAll } from "../fakes/timers.ts";

/** Statistics of a run of one child, whose bridge answers when the test says so. */
async function reporting() {
  const { engine, child } = await performing();
  const answers: PromiseWithResolvers<BridgeStatus>[] = [];
  const bridge = {
    statistics: () => {
      const answer = Promise.withResolvers<BridgeStatus>();
      answers.push(answer);
      return answer.promise;
    },
    closing: async () => [],
    close: async () => undefined,
  };
  const census = new Census();
  census.add(child);
  const run = {
    lanes: [child],
    census,
    performed: 3,
    startedAt: 0,
    stop: new Stop(),
    load: { figures: { model: "closed" } },
    generator: { delayP99: 12, busy: 0.25, cpu: 0.5, bottlenecks: [] },
    plan: { limits: { slowAfter: 1 } },
  };
  const said: string[] = [];
  const statistics = new Statistics(run as unknown as Run, engine, bridge, (line) => said.push(line));
  const end = statistics.every(5000);
  onTestFinished(end);
  return { answers, said, end };
}

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);

afterEach(() => void process.off("unhandledRejection", note));

test("statistics come one after the other, however long an endpoint takes", async () => {
  const { answers, said } = await reporting();
  await wakeAll(3);
  expect([answers.length, said]).toEqual([1, []]);
  answers[0]?.resolve({ line: "pools are full", levels: {} });
  await settled();
  expect(said[1]).toBe("  pools are full");
  expect(said).toContain(
    "  generator: event-loop delay p99 0.012 s, busy 25.0 % of the time, 0.50 of a core",
  );
  await wakeAll();
  expect(answers).toHaveLength(2);
  answers[1]?.reject(deadEndpoint());
  await settled();
  expect(said.at(-1)).toMatch(/^WARNING no statistics now: /);
});

test.each<[string, (answer: PromiseWithResolvers<BridgeStatus>) => void]>([
  ["answers", ({ resolve }) => resolve({ line: "late", levels: {} })],
  ["fails", ({ reject }) => reject(deadEndpoint())],
])("an endpoint that %s after the end is told to nobody", async (_, late) => {
  process.on("unhandledRejection", note);
  const { answers, said, end } = await reporting();
  await wakeAll();
  end();
  const [answer] = answers;
  if (answer === undefined) throw new Error("wants a report under way");
  late(answer);
  await settled();
  await settled();
  expect([said, unhandled]).toEqual([[], []]);
});
