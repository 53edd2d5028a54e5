import { describe, expect, test } from "vitest";
import { type Fault, Stream } from "../../../stress/engine/base/index.ts";
import { settled } from "../../fakes/timers.ts";

interface Tick {
  readonly kind: "tick";
  readonly number: number;
}

interface Tock {
  readonly kind: "tock";
  readonly number: number;
}

type Event = Tick | Tock;

const PLACES = ["first", "second", "third"];

const tick = (number: number): Tick => ({ kind: "tick", number });
const tock = (number: number): Tock => ({ kind: "tock", number });

const newStream = (): Stream<Event> => new Stream<Event>(PLACES);

const fail = (error: unknown) => (): never => {
  throw error;
};

/** A stream, and who was told what by it so far. */
function listening(...places: readonly string[]) {
  const stream = newStream();
  const told: string[] = [];
  for (const place of places) {
    const tell = ({ kind, number }: Event): void => void told.push(`${place}: ${kind} ${number}`);
    stream.subscribe(place, { tick: tell, tock: tell });
  }
  return { stream, told };
}

describe("subscribers", () => {
  test("are told in the stated order, whoever came first", () => {
    const { stream, told } = listening("third", "first", "second");
    stream.publish(tick(1));
    expect(told).toEqual(["first: tick 1", "second: tick 1", "third: tick 1"]);
  });

  test("at one place are told in the order they came", () => {
    const { stream, told } = listening("second", "first", "second");
    stream.subscribe("second", { tick: () => told.push("the last") });
    stream.publish(tick(1));
    expect(told).toEqual(["first: tick 1", "second: tick 1", "second: tick 1", "the last"]);
  });

  test("are told of nothing but the kinds they want to know of", () => {
    const stream = newStream();
    const numbers: number[] = [];
    stream.subscribe("first", { tock: ({ number }) => numbers.push(number) });
    stream.publish(tick(1));
    stream.publish(tock(2));
    expect(numbers).toEqual([2]);
  });

  test("are told the very event, before publishing returns", () => {
    const stream = newStream();
    const seen: Event[] = [];
    stream.subscribe("first", { tick: (event) => seen.push(event) });
    const event = tick(1);
    stream.publish(event);
    expect(seen[0]).toBe(event);
  });

  test("at a place that was not stated are refused", () => {
    expect(() => newStream().subscribe("fourth", {})).toThrow("the stream's order has no place 'fourth'");
  });
});

describe("what is published while an event is being told", () => {
  test("is told after it, so that all see the same order", () => {
    const { stream, told } = listening("first", "third");
    stream.subscribe("second", {
      tick: ({ number }) => {
        stream.publish(tock(number));
        told.push("second has published");
      },
    });
    stream.publish(tick(1));
    expect(told).toEqual([
      "first: tick 1",
      "second has published",
      "third: tick 1",
      "first: tock 1",
      "third: tock 1",
    ]);
  });

  test("is told in the order it was published, however deep", () => {
    const { stream, told } = listening("third");
    stream.subscribe("first", {
      tick: ({ number }) => {
        stream.publish(tock(number));
        if (number < 3) stream.publish(tick(number + 1));
      },
    });
    stream.subscribe("second", { tick: ({ number }) => stream.publish(tock(10 * number)) });
    stream.publish(tick(1));
    const order = "tick 1, tock 1, tick 2, tock 10, tock 2, tick 3, tock 20, tock 3, tock 30";
    expect(told).toEqual(order.split(", ").map((event) => `third: ${event}`));
  });
});

describe("a subscriber that throws", () => {
  const mistake = new Error("a mistake");

  /** A stream whose second place throws at ticks, with whoever else is told, and the faults that were published. */
  function failing() {
    const all = listening("first", "third");
    const faults: Fault[] = [];
    all.stream.subscribe("second", { tick: fail(mistake) });
    all.stream.subscribe("third", { fault: (fault) => faults.push(fault) });
    return { ...all, faults };
  }

  test("does not keep others from being told, and the publisher gets its error", () => {
    const { stream, told } = failing();
    expect(() => stream.publish(tick(1))).toThrow(mistake);
    expect(told).toEqual(["first: tick 1", "third: tick 1"]);
  });

  test("has its error published as a fault, once", () => {
    const { stream, faults } = failing();
    expect(() => stream.publish(tick(1))).toThrow(mistake);
    expect(faults).toEqual([{ kind: "fault", error: mistake }]);
    expect(faults[0]?.error).toBe(mistake);
  });

  test("does not keep what was published meanwhile from being told", () => {
    const { stream, told } = failing();
    stream.subscribe("first", { tick: ({ number }) => stream.publish(tock(number)) });
    expect(() => stream.publish(tick(1))).toThrow(mistake);
    expect(told.slice(2)).toEqual(["first: tock 1", "third: tock 1"]);
  });

  test("leaves the stream as it was: the next event is told", () => {
    const { stream, told, faults } = failing();
    expect(() => stream.publish(tick(1))).toThrow(mistake);
    stream.publish(tock(2));
    expect([told.slice(2), faults.length]).toEqual([["first: tock 2", "third: tock 2"], 1]);
  });

  test("is one of several: the publisher gets the first error, and each is a fault", () => {
    const { stream, faults } = failing();
    const other = new Error("another one");
    stream.subscribe("third", { tick: fail(other) });
    expect(() => stream.publish(tick(1))).toThrow(mistake);
    expect(faults.map(({ error }) => error)).toEqual([mistake, other]);
  });

  test("at what another one published fails who published first, not who is in the middle", () => {
    const { stream, told } = failing();
    stream.subscribe("third", {
      tock: () => {
        stream.publish(tick(2));
        told.push("went on");
      },
    });
    expect(() => stream.publish(tock(1))).toThrow(mistake);
    expect(told).toContain("went on");
  });

  test("may throw anything, undefined as well", () => {
    const stream = newStream();
    const faults: Fault[] = [];
    stream.subscribe("first", { tick: fail(undefined), fault: (fault) => faults.push(fault) });
    let thrown: unknown = "nothing";
    try {
      stream.publish(tick(1));
    } catch (error) {
      thrown = error;
    }
    expect([thrown, faults]).toEqual([undefined, [{ kind: "fault", error: undefined }]]);
  });
});

describe("a subscriber that throws at a fault", () => {
  const [mistake, another] = [new Error("a mistake"), new Error("another one")];

  test("is told of no fault of its own, as that would go on for ever; others are told of the first", () => {
    const stream = newStream();
    const faults: unknown[] = [];
    stream.subscribe("first", { tick: fail(mistake) });
    let times = 0;
    stream.subscribe("second", {
      fault: () => {
        // Should it go on for ever, this test ends all the same.
        if (++times < 10) throw another;
      },
    });
    stream.subscribe("third", { fault: ({ error }) => faults.push(error) });
    expect(() => stream.publish(tick(1))).toThrow(mistake);
    expect([faults, times]).toEqual([[mistake], 1]);
  });

  test("fails who published that fault itself", () => {
    const stream = newStream();
    const faults: unknown[] = [];
    stream.subscribe("first", { fault: fail(another) });
    stream.subscribe("second", { fault: ({ error }) => faults.push(error) });
    expect(() => stream.publish({ kind: "fault", error: mistake })).toThrow(another);
    expect(faults).toEqual([mistake]);
  });
});

describe("a subscription that is ended", () => {
  test("is told nothing more, and others are told on", () => {
    const { stream, told } = listening("first");
    const numbers: number[] = [];
    const end = stream.subscribe("second", { tick: ({ number }) => numbers.push(number) });
    stream.publish(tick(1));
    end();
    end();
    stream.publish(tick(2));
    expect([numbers, told]).toEqual([[1], ["first: tick 1", "first: tick 2"]]);
  });

  test("while an event is being told is not told of it any more", () => {
    const stream = newStream();
    const numbers: number[] = [];
    stream.subscribe("first", { tick: () => end() });
    const end = stream.subscribe("second", { tick: ({ number }) => numbers.push(number) });
    stream.publish(tick(1));
    expect(numbers).toEqual([]);
  });

  test("leaves another one with the same handlers alone", () => {
    const stream = newStream();
    const numbers: number[] = [];
    const handlers = { tick: ({ number }: Tick) => numbers.push(number) };
    const [end] = [stream.subscribe("first", handlers), stream.subscribe("first", handlers)];
    stream.publish(tick(1));
    end();
    stream.publish(tick(2));
    expect(numbers).toEqual([1, 1, 2]);
  });
});

describe("what was told is kept", () => {
  test("once all who keep it have kept it", async () => {
    const stream = newStream();
    const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    stream.subscribe("first", {}, () => one.promise);
    stream.subscribe("second", {}, () => other.promise);
    let isKept = false;
    const kept = stream.kept().then(() => {
      isKept = true;
    });
    other.resolve();
    await settled();
    expect(isKept).toBe(false);
    one.resolve();
    await kept;
  });

  test("at once where nobody keeps it, or none of them any more", async () => {
    const stream = newStream();
    await stream.kept();
    const end = stream.subscribe("first", {}, () => new Promise(() => undefined));
    end();
    await stream.kept();
  });

  test("never where one cannot: who waits for it is told why", async () => {
    const stream = newStream();
    stream.subscribe("first", {}, () => Promise.reject(new Error("no room")));
    await expect(stream.kept()).rejects.toThrow("no room");
  });
});
