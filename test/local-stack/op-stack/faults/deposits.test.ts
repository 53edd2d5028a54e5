import { describe, expect, test } from "vitest";
import { GIVEN_UP_MS, type PatientCase, sameMessages, showPatiently } from "./show.ts";

/** One deposit in four is of the portal alone: they must come back to L1 to make some. */
const OFTEN = { shares: { 1: { SO: 100 }, 2: { SX: 60 } } };
const PATHS = ["deposits", "portal deposits"] as const;

const LESS = 10n ** 15n;

const notDerived: PatientCase[] = PATHS.map((path) => ({
  name: `${path} that are not derived are lost`,
  faults: [{ fault: "drop relay", path, most: 1 }],
  ...OFTEN,
  neverArrives: true,
  detectors: ["lost"],
  check: (run) => sameMessages(run, "lost"),
}));

const twice: PatientCase[] = [
  {
    name: "deposits that are derived twice, and relayed twice, are doubled",
    faults: [{ fault: "duplicate relay", path: "deposits", most: 2 }],
    ...OFTEN,
    detectors: ["doubled"],
    check: (run) => sameMessages(run, "doubled"),
  },
  {
    name: "portal deposits that are derived twice bring money that the books have no reason for",
    faults: [{ fault: "duplicate relay", path: "portal deposits", most: 2 }],
    ...OFTEN,
    detectors: ["books differ"],
    check: ({ result }) => expect(result).toPayExactlyOnce(),
  },
];

const otherwise: PatientCase[] = [
  {
    name: "deposits that are derived with another amount are lost, and strangers' money arrives",
    faults: [{ fault: "wrong amount", path: "deposits", less: String(LESS), most: 1 }],
    ...OFTEN,
    neverArrives: true,
    detectors: ["lost"],
    check: (run) => sameMessages(run, "lost"),
  },
  {
    name: "portal deposits that are derived with another amount are lost, and the books have no reason for what came",
    faults: [{ fault: "wrong amount", path: "portal deposits", less: String(LESS), most: 1 }],
    ...OFTEN,
    neverArrives: true,
    detectors: ["lost", "books differ"],
    check: (run) => sameMessages(run, "lost"),
  },
  ...PATHS.map(
    (path): PatientCase => ({
      name: `${path} that are derived for somebody else are lost`,
      faults: [{ fault: "wrong recipient", path, most: 1 }],
      ...OFTEN,
      neverArrives: true,
      detectors: ["lost"],
      check: (run) => sameMessages(run, "lost"),
    }),
  ),
];

describe("the OP Stack's derivation", () => {
  test.each([...notDerived, ...twice, ...otherwise])("$name", showPatiently, GIVEN_UP_MS);
});
