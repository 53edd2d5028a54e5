import { afterAll, beforeAll, test } from "vitest";
import { ownTarget } from "../cli/own-target.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { Killing, TARGET } from "./killing.ts";

/** What the journal says at the moment of the kill: funding, each operation's phases, the stop, the refunds. */
const MOMENTS: readonly RegExp[] = [
  /^# scenario=/m,
  /^# funder=AL/m,
  /^OP_START,\d+,IF/m,
  /^OP_WATCH,\d+,IF/m,
  /^OP_DONE_,\d+,IF/m,
  /^OP_START,\d+,PY/m,
  /^OP_WATCH,\d+,PY/m,
  /^OP_WATCH,\d+,AL/m,
  /^OP_WATCH,\d+,FO/m,
  /^OP_DONE_,\d+,FO/m,
  /^OP_START,\d+,SO/m,
  /^OP_WATCH,\d+,SO/m,
  /^OP_WATCH,\d+,FX/m,
  /^OP_DONE_,\d+,FX/m,
  /^OP_WATCH,\d+,SX/m,
  /^OP_DONE_,\d+,SX/m,
  /^OP_WATCH,\d+,RL/m,
  /^OP_START,\d+,RF/m,
  /^OP_WATCH,\d+,RF/m,
  /^OP_DONE_,\d+,DN/m,
  /^# funder=RL/m,
];

const SHARES = { l1: { AL: 20, FO: 30, SO: 30 }, l2: { AL: 20, RL: 20, FX: 30, SX: 30 } };

let bed: TestBed;
let killing: Killing;

beforeAll(async () => {
  bed = await openTestBed({ l2BlockTime: 200 });
  killing = new Killing(bed, ownTarget(bed, TARGET, { shares: SHARES, funding: { poolMinimumEth: 5 } }));
});

afterAll(() => bed.close());

test.each(MOMENTS.map((moment, at) => ({ moment, at })))(
  "a run that is killed after $moment is recovered to the wei",
  ({ moment, at }) => killing.killAndRecover(moment, at),
);
