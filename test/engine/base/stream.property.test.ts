import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Fault, Stream } from "../../../stress/engine/base/index.ts";
import { runs } from "../../fakes/property.ts";

interface Numbered<K extends string> {
  readonly kind: K;
  readonly number: number;
}

type Event = Numbered<"tick"> | Numbered<"tock">;

const PLACES = ["first", "second", "third"];

/** What a subscriber does when it is told of an event. */
interface Reaction {
  readonly publishes: readonly Event["kind"][];
  readonly throws: boolean;
}

const reaction: fc.Arbitrary<Reaction> = fc.record({
  publishes: fc.array(fc.constantFrom<Event["kind"]>("tick", "tock"), { maxLength: 2 }),
  throws: fc.boolean(),
});

const subscriber = fc.record({
  place: fc.constantFrom(...PLACES),
  tick: reaction,
  tock: reaction,
  throwsAtFaults: fc.boolean(),
});

/** Events at this depth make nobody publish: else it would go on for ever. */
const DEEPEST = 2;

/** More than there can be: should throwing at faults go on for ever, it ends here. */
const TOO_MANY = 5000;

test("all subscribers see the same events in the same order, whatever they publish or throw meanwhile", () => {
  fc.assert(
    fc.property(fc.array(subscriber, { minLength: 1, maxLength: 4 }), fc.nat(3), (subscribers, roots) => {
      const stream = new Stream<Event>(PLACES);
      const depths: number[] = [];
      const tellings: { readonly to: number; readonly what: unknown }[] = [];
      const mistakes: Error[] = [];
      const publish = (kind: Event["kind"], depth: number): void => {
        depths.push(depth);
        stream.publish({ kind, number: depths.length - 1 });
      };
      for (const [to, { place, throwsAtFaults, ...reactions }] of subscribers.entries()) {
        const take = ({ kind, number }: Event): void => {
          tellings.push({ to, what: number });
          const depth = depths[number] ?? 0;
          if (depth < DEEPEST) for (const next of reactions[kind].publishes) publish(next, depth + 1);
          if (!reactions[kind].throws) return;
          mistakes.push(new Error(`${number} to ${to}`));
          throw mistakes.at(-1);
        };
        const fault = ({ error }: Fault): void => {
          tellings.push({ to, what: error });
          if (throwsAtFaults && tellings.length < TOO_MANY) throw new Error("at a fault");
        };
        stream.subscribe(place, { tick: take, tock: take, fault });
      }

      for (let root = 0; root < roots; root++) {
        const before = mistakes.length;
        let thrown: unknown;
        try {
          publish("tick", 0);
        } catch (error) {
          thrown = error;
        }
        expect(thrown).toBe(mistakes[before]);
      }

      const order = subscribers
        .map(({ place }, to) => ({ place, to }))
        .sort((a, b) => PLACES.indexOf(a.place) - PLACES.indexOf(b.place))
        .map(({ to }) => to);
      const seen = tellings.filter(({ to }) => to === order[0]).map(({ what }) => what);
      // Each event to everybody, in the stated order, before the next one to anybody.
      expect(tellings).toEqual(seen.flatMap((what) => order.map((to) => ({ to, what }))));
      // Each that was published is told once, and in the order of publishing; so is each mistake.
      expect(seen.filter((what) => typeof what === "number")).toEqual(depths.map((_, number) => number));
      expect(seen.filter((what) => what instanceof Error)).toEqual(mistakes);
    }),
    runs(),
  );
});
