import { describe, expect, test } from "vitest";
import { checkJournal } from "../../../stress/journal/check-journal.ts";
import { parseOpLog } from "../../../stress/journal/parse-op-log.ts";
import type { EngineEvent } from "../../../stress/engine/events.ts";
import { Run } from "../../../stress/engine/run/index.ts";
import type { RunPlan } from "../../../stress/engine/run/plan.ts";
import { payment } from "../../../stress/protocols/payment.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { steadyMeter } from "../../fakes/steady-meter.ts";
import { callWith, runPlan, stepping } from "../../fakes/stepping.ts";
import { settled, wakeAll } from "../../fakes/timers.ts";

const MISTAKE = new TypeError("cannot read properties of undefined");

const broken = (): never => {
  throw MISTAKE;
};

const own = () => ({ kind: "send", chain: 2, plan: callWith(70_000n) }) as const;

type Stepping = Awaited<ReturnType<typeof stepping>>;

/** A subscriber behind all others that throws whenever it is told of this. */
const breakAt = ({ engine: { stream } }: Stepping, kind: EngineEvent["kind"]): (() => void) =>
  stream.subscribe("report", { [kind]: broken });

describe("a mistake of our own in an operation's steps", () => {
  test("fails the operation with it, which has its end and frees its child, and is told as a fault", async () => {
    const { engine, child, told, beginSteps, mine, lines } = await stepping();
    const faults = eventsOf(engine.stream, "fault");
    const going = beginSteps([own, broken]);
    await mine(2);
    expect((await going).outcome).toEqual({ kind: "failed", reason: `error: ${MISTAKE.message}` });
    expect(faults).toEqual([{ kind: "fault", error: MISTAKE }]);
    expect([told.asked, told.released, child.phase]).toEqual([2, 1, { at: "ready" }]);
    checkJournal(parseOpLog(`${lines().join("\n")}\n`));
    expect(lines().at(-1)).toMatch(/^OP_DONE_,000,SX,2,0,50000\/70000,/);
  });

  test("in what a step waits for is one as well", async () => {
    const { engine, told, beginSteps } = await stepping();
    const faults = eventsOf(engine.stream, "fault");
    const wait = { kind: "wait", chain: 1, what: "proof", isMet: broken } as const;
    expect((await beginSteps([() => wait, own])).outcome).toMatchObject({ kind: "failed" });
    expect([faults.map(({ error }) => error), told.asked, told.released]).toEqual([[MISTAKE], 1, 1]);
  });
});

describe("a subscriber that throws", () => {
  test.each(["operation started", "operation submitted", "signed"] as const)(
    "where '%s' is told: nothing is sent, the operation has its end, and its child and nonce are free",
    async (kind) => {
      const all = await stepping();
      const faults = eventsOf(all.engine.stream, "fault");
      const mend = breakAt(all, kind);
      expect((await all.beginSteps([own])).outcome).toMatchObject({ kind: "failed" });
      expect([all.chains[2].sent, all.child.phase]).toEqual([[], { at: "ready" }]);
      expect(new Set(faults.map(({ error }) => error))).toEqual(new Set([MISTAKE]));
      mend();
      const going = all.beginSteps([own]);
      await all.mine(2);
      expect((await going).outcome).toEqual({ kind: "succeeded" });
      expect(all.chains[2].sent.map(({ nonce }) => nonce)).toEqual([0]);
      checkJournal(parseOpLog(`${all.lines().join("\n")}\n`));
    },
  );

  test.each(["block", "mined", "operation mined", "operation done"] as const)(
    "where '%s' is told changes nothing of what has happened, and is told as a fault",
    async (kind) => {
      const all = await stepping();
      const faults = eventsOf(all.engine.stream, "fault");
      breakAt(all, kind);
      const going = all.beginSteps([own]);
      const hash = await all.mine(2);
      expect(await going).toMatchObject({ outcome: { kind: "succeeded" }, receipt: { hash } });
      expect(all.child.phase).toEqual({ at: "ready" });
      expect(new Set(faults.map(({ error }) => error))).toEqual(new Set([MISTAKE]));
      checkJournal(parseOpLog(`${all.lines().join("\n")}\n`));
    },
  );

  test("keeps no child from being marked as done", async () => {
    const all = await stepping();
    breakAt(all, "operation done");
    all.performer.markDone(all.child);
    expect(all.child.phase).toEqual({ at: "done" });
  });
});

describe("a run in which a mistake of our own is made", () => {
  /** A run of two children that are under way. */
  async function running(own: Partial<RunPlan> = {}) {
    const all = await stepping();
    const run = new Run(runPlan(own), all.engine, steadyMeter());
    for (const child of run.children) run.begin(child);
    const stopped = run.untilStopped();
    return { ...all, run, stopped };
  }

  test("ends because of it, the very error is kept, and all that is under way has its end", async () => {
    const all = await running();
    await settled();
    breakAt(all, "operation mined");
    const stops = eventsOf(all.engine.stream, "stop");
    all.chains[2].minePending();
    await wakeAll();
    await all.stopped;
    await all.run.drained();
    expect(all.run.problem?.error).toBe(MISTAKE);
    expect(all.run.stop).toMatchObject({ level: 1, reason: { kind: "error", message: MISTAKE.message } });
    expect(stops).toMatchObject([{ level: 1, reason: { kind: "error" } }]);
    expect(all.run.children.map(({ phase }) => phase)).toEqual([{ at: "ready" }, { at: "ready" }]);
    checkJournal(parseOpLog(`${all.lines().join("\n")}\n`));
  });

  test("ends because of it where an operation's steps throw", async () => {
    async function* steps(): ReturnType<typeof payment.steps> {
      yield broken();
    }
    const { run, stopped, lines } = await running({ choices: [{ ...payment, steps }] });
    await stopped;
    await run.drained();
    expect(run.problem?.error).toBe(MISTAKE);
    expect(run.stop.reason).toEqual({ kind: "error", message: MISTAKE.message });
    expect(run.failed.length).toBeGreaterThan(0);
    checkJournal(parseOpLog(`${lines().join("\n")}\n`));
  });

  test("keeps the first of several", async () => {
    const { engine, run, stopped } = await running();
    engine.stream.publish({ kind: "fault", error: MISTAKE });
    engine.stream.publish({ kind: "fault", error: new Error("another") });
    await stopped;
    expect(run.problem?.error).toBe(MISTAKE);
  });
});
