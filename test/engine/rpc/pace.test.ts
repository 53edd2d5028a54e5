import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Answers,
  type Call,
  type Carrier,
  EndpointClosed,
  NoAnswer,
  openRpc,
} from "../../../stress/engine/rpc/index.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { resetTimers, settled, sleepNever } from "../../fakes/timers.ts";

/** To a message: an error to all of its calls, or to the first of them. */
type Reply =
  | "good"
  | { readonly code: number; readonly message: string; readonly data?: unknown }
  | { readonly busyCalls: number }
  | NoAnswer;

const LIMITED = { code: 429, message: "Your app has exceeded its compute units per second capacity." };

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock(0);
  sleepNever((ms) => clock.advance(ms));
});
afterEach(resetTimers);

/** An endpoint that replies so to one message after the other, and well to the rest. */
function endpoint(...replies: readonly Reply[]) {
  const [left, askedAt, notes] = [[...replies], [] as number[], [] as string[]];
  const exchange = async (calls: readonly Call[]): Promise<Answers> => {
    askedAt.push(clock.now());
    const reply = left.shift() ?? "good";
    if (reply instanceof NoAnswer) throw reply;
    const answers = new Answers();
    const busy = reply === "good" ? 0 : "busyCalls" in reply ? reply.busyCalls : calls.length;
    const error = reply === "good" || "busyCalls" in reply ? LIMITED : reply;
    answers.add(calls.map(({ id }, at) => ({ id, ...(at < busy ? { error } : { result: "0x1" }) })));
    return answers;
  };
  const carrier = (): Carrier => ({ exchange, close: () => undefined });
  const rpc = openRpc({ clock, carrier }, "http://node.example/key", { warn: (line) => notes.push(line) });
  const ask = () => rpc.send("eth_blockNumber", []).catch((error: unknown) => error);
  /** How long each message after the first came behind the one before; a call waits a millisecond for others. */
  const pauses = () => askedAt.slice(1).map((at, before) => at - (askedAt[before] ?? 0));
  return { rpc, ask, pauses, notes };
}

describe("an endpoint that limits its clients", () => {
  test("is left alone as long as it says, by everybody", async () => {
    const { ask, pauses } = endpoint(
      new NoAnswer("429", "HTTP status 429", { retryAfter: 4000 }),
      { code: -32_005, message: "request rate limited", data: { rate: { backoff_seconds: 30 } } },
      { code: -32_005, message: "You've exceeded the RPS limit", data: { try_again_in: "2.5s" } },
      { code: -32_005, message: "You've exceeded the RPS limit", data: { try_again_in: "1200ms" } },
      "good",
    );
    for (let time = 0; time < 6; time++) await ask();
    expect(pauses()).toEqual([4000, 30_000, 2500, 1200, 1]);
  });

  test("and does not say for how long is asked more slowly, until it answers again", async () => {
    const { ask, pauses } = endpoint(...Array.from({ length: 7 }, () => LIMITED), "good", LIMITED);
    for (let time = 0; time < 10; time++) await ask();
    expect(pauses()).toEqual([1, 100, 200, 400, 800, 1000, 1000, 1, 1]);
  });

  test("only now and then is not slowed down for all", async () => {
    const { rpc, pauses } = endpoint({ busyCalls: 1 }, { busyCalls: 1 }, { busyCalls: 2 }, { busyCalls: 2 });
    const three = () => Promise.allSettled([1, 2, 3].map((at) => rpc.send("echo", [at])));
    for (let time = 0; time < 5; time++) await three();
    expect(pauses()).toEqual([1, 1, 1, 100]);
  });

  test("is told of once, and counted each time", async () => {
    const { rpc, ask, notes } = endpoint(LIMITED, LIMITED, "good", new NoAnswer("429"));
    for (let time = 0; time < 5; time++) await ask();
    expect(notes).toEqual([
      "http://node.example is busy (Your app has exceeded its compute units per second capacity.): " +
        "it is asked more slowly",
    ]);
    expect(rpc.traffic.snapshot().errors).toEqual({ busy: 2, "429": 1 });
  });

  test("may be closed while it is left alone", async () => {
    const { rpc, ask } = endpoint(new NoAnswer("429", "HTTP status 429", { retryAfter: 30_000 }));
    await ask();
    sleepNever((ms) => (ms > 1 ? void rpc.close() : clock.advance(ms)));
    expect(await ask()).toBeInstanceOf(EndpointClosed);
    await settled();
  });
});
