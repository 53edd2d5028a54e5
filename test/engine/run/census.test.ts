import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Chain } from "../../../stress/engine/base/index.ts";
import { Ledger } from "../../../stress/engine/ledger/index.ts";
import { Census } from "../../../stress/engine/run/census.ts";
import { Child, type ChildPhase } from "../../../stress/engine/run/child.ts";
import { runs } from "../../fakes/property.ts";
import { account } from "../../fakes/submitting.ts";

const CHILDREN = 4;

const busy = (operation: number, to: Chain): ChildPhase => ({
  at: "busy",
  open: {
    operation,
    code: "PY",
    chain: 1,
    to,
    startedAt: operation,
    phases: [],
    own: new Map(),
    waitingFor: "submission",
    hash: undefined,
    transaction: undefined,
    message: undefined,
    messageTo: undefined,
  },
});

const chain = fc.constantFrom<Chain>(1, 2);

/** What happens to a child: it moves, begins something, or is in another phase. */
const happening = fc.record({
  child: fc.nat(CHILDREN - 1),
  what: fc.oneof(
    chain.map((on) => ({ on })),
    chain.map((to) => ({ to })),
    fc.constantFrom("unfunded", "ready", "idle", "done").map((at) => ({ at })),
  ),
});

function counted(census: Census): Child[] {
  return Array.from({ length: CHILDREN }, (_, number) => {
    return new Child(number, account, number % 2 === 0 ? 2 : 1, new Ledger(), census);
  });
}

describe("a census", () => {
  test("has counted what going through all children would find, whatever they did", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const census = new Census();
        const children = counted(census);
        for (const [at, { child: number, what }] of happenings.entries()) {
          const child = children[number];
          if (child === undefined) continue;
          if ("on" in what) child.on = what.on;
          else if ("at" in what) child.phase = what;
          // Between two operations a child is free.
          else if (child.phase.at !== "busy") child.phase = busy(at, what.to);
        }
        for (const at of ["unfunded", "ready", "idle", "busy", "done"] as const)
          expect(census.count(at)).toBe(children.filter(({ phase }) => phase.at === at).length);
        const staysOn = ({ on, phase }: Child): Chain | undefined =>
          phase.at === "done" ? undefined : phase.at === "busy" ? phase.open.to : on;
        for (const on of [1, 2] as const)
          expect(census.staying(on)).toBe(children.filter((child) => staysOn(child) === on).length);
        const open = children.flatMap(({ phase }) => (phase.at === "busy" ? phase.open.operation : []));
        expect([...census.underWay(100)].map((one) => one.open.operation)).toEqual(
          open.toSorted((a, b) => a - b),
        );
      }),
      runs(200),
    );
  });

  test("tells how old an operation is, though its child moved to the other chain meanwhile", () => {
    const census = new Census();
    const [first, second] = counted(census);
    if (first === undefined || second === undefined) throw new Error("wants two children");
    first.phase = busy(5, 2);
    second.phase = busy(8, 2);
    first.on = 1;
    expect([...census.underWay(20)].map(({ child, age }) => [child.number, age])).toEqual([
      [0, 15],
      [1, 12],
    ]);
  });
});
