import { afterAll, beforeAll, test } from "vitest";
import { ownTarget } from "../cli/own-target.ts";
import { openOpStack, type TestBed } from "../run/running.ts";
import { Killing, TARGET } from "./killing.ts";

/** What the journal says at the moment of the kill: funding, each step of crossings and withdrawals, the refunds. */
const MOMENTS: readonly RegExp[] = [
  /^# scenario=/m,
  /^# funder=IF/m,
  /^OP_WATCH,\d+,IF/m,
  /^OP_WATCH,\d+,FO/m,
  /^OP_START,\d+,SO/m,
  /^OP_WATCH,\d+,SO/m,
  /^OP_WATCH,\d+,TO/m,
  /^OP_START,\d+,SX/m,
  /^OP_WATCH,\d+,SX/m,
  /^# withdrawal=SX/m,
  /^# prove=SX/m,
  /^(?:# prove=SX[^]*){2}/m,
  /^# prove=TX/m,
  /^# finalize=SX/m,
  /^(?:# finalize=SX[^]*){2}/m,
  /^# finalize=TX/m,
  /^OP_DONE_,\d+,SX/m,
  /^OP_DONE_,\d+,TX/m,
  /^OP_WATCH,\d+,RF/m,
  /^OP_DONE_,\d+,DN/m,
];

const SHARES = { l1: { FO: 20, SO: 40, TO: 20 }, l2: { FX: 20, SX: 50, TX: 40 } };

let bed: TestBed;
let killing: Killing;

beforeAll(async () => {
  bed = await openOpStack();
  killing = new Killing(bed, ownTarget(bed, TARGET, { protocol: "op-stack", shares: SHARES }));
});

afterAll(() => bed.close());

test.each(MOMENTS.map((moment, at) => ({ moment, at })))(
  "a run that is killed after $moment is recovered to the wei",
  ({ moment, at }) => killing.killAndRecover(moment, at),
);
