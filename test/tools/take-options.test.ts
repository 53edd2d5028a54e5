import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../tools/option-values.mjs";
import { nearestOption, takeOptions } from "../../tools/read-options.mjs";
import { runs } from "../fakes/property.ts";
import { type VerbName, verbs } from "./verbs.ts";

describe("our options among vitest's", () => {
  test("are taken in both spellings", () => {
    expect(
      takeOptions(["--target", "goerli", "--children=12", "--duration", "90s", "--ops=5", "--seed=0"]),
    ).toEqual({
      own: { target: "goerli", children: 12, duration: "90s", ops: 5, seed: 0 },
      rest: [],
    });
  });

  test("leave the rest in its order", () => {
    const argv = ["run", "mixed", "--seed", "3", "--reporter=dot", "--target=local", "-t", "name", "--ui"];
    expect(takeOptions(argv).rest).toEqual(["run", "mixed", "--reporter=dot", "-t", "name", "--ui"]);
  });

  test("are not looked for behind --", () => {
    expect(takeOptions(["--ops=1", "--", "--seed", "x"])).toEqual({
      own: { ops: 1 },
      rest: ["--", "--seed", "x"],
    });
  });

  test.each([
    [["--fork"], { fork: "newest" }, []],
    [["--fork", "run", "--seed=1"], { fork: "newest", seed: 1 }, ["run"]],
    [["--fork=7,9", "run"], { fork: "7,9" }, ["run"]],
    [["--fork", "7000000,120000", "run"], { fork: "7000000,120000" }, ["run"]],
  ])("take a fork's blocks where there are any: %j", (argv, own, rest) => {
    expect(takeOptions(argv)).toEqual({ own, rest });
  });

  test.each([
    ["9464", "127.0.0.1:9464"],
    ["0", "127.0.0.1:0"],
    ["127.0.0.1:9464", "127.0.0.1:9464"],
    ["0.0.0.0:65535", "0.0.0.0:65535"],
    ["[::1]:9464", "[::1]:9464"],
    ["metrics.example:9464", "metrics.example:9464"],
  ])("serve metrics at %s, where no host is named on this machine alone", (text, metrics) => {
    expect(takeOptions(["--metrics", text]).own).toEqual({ metrics });
  });

  test.each([
    "65536",
    "-1",
    "http://127.0.0.1:9464",
    "127.0.0.1",
    ":9464",
    "127.0.0.1:",
    "9464/metrics",
    "1e3",
  ])("serve no metrics at %s", (text) => {
    expect(() => takeOptions([`--metrics=${text}`])).toThrow(
      `--metrics wants a port such as 9464, or a host and a port such as 0.0.0.0:9464, not '${text}'`,
    );
  });

  test("may be missing altogether", () => {
    expect(takeOptions([])).toEqual({ own: {}, rest: [] });
  });

  test("may name a target by its file", () => {
    expect(takeOptions(["--target=goerli.json"]).own).toEqual({ target: "goerli" });
  });

  test.each([
    [["--seed=1", "--seed", "2"], "--seed is given twice"],
    [["--seed"], "--seed wants a value: --seed <n>"],
    [["--seed="], "--seed wants a value: --seed <n>"],
    [["--seed", "--ops=1"], "--seed wants a value: --seed <n>"],
    [["--seed=-1"], "--seed wants a whole number from 0 up, not '-1'"],
    [["--seed=99999999999999999999"], "--seed wants a whole number from 0 up, not '99999999999999999999'"],
    [["--children=0"], "--children wants a whole number from 1 up, not '0'"],
    [["--children=10001"], "--children wants 10000 at most, not '10001'"],
    [["--children=1.5"], "--children wants a whole number from 1 up, not '1.5'"],
    [["--ops", "many"], "--ops wants a whole number from 1 up, not 'many'"],
    [["--duration=0s"], "--duration wants a time such as 90s, 10m, 2h or forever, not '0s'"],
    [["--duration=90"], "--duration wants a time such as 90s, 10m, 2h or forever, not '90'"],
    [["--fork="], "--fork wants a value: --fork[=<L1 block>,<L2 block>]"],
    [["--fork=7"], "--fork wants a block of L1 and one of L2 such as --fork=7000000,120000, not '7'"],
    [["--fork", "--fork=1,2"], "--fork is given twice"],
    [
      ["--search", "p95(FX)<10s"],
      "--search wants limits with commas between them: p<0-100>(<code>.<phase>)<<time>, max(<code>.<phase>)<<time>, " +
        'failures<<n>%, missed<<n>%, with < or <=, and step=<time>; such as "p95(FX.finished)<10s" or ' +
        "\"p99(PY.receipt)<=2s, missed<5%, step=1m\"; not 'p95(FX)<10s'",
    ],
    [["--target=../secret"], "--target wants the name of a file in targets/, not '../secret'"],
    [["--target=.json"], "--target wants the name of a file in targets/, not '.json'"],
  ])("%j is refused", (argv, message) => {
    expect(() => takeOptions(argv)).toThrow(new OptionError(message));
  });

  test("of other names are never taken, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("--__proto__=1", "--toString", "--Seed=1", "-seed", "a", "--seeds")),
        (argv) => {
          expect(takeOptions(argv)).toEqual({ own: {}, rest: argv });
        },
      ),
      runs(50),
    );
  });
});

describe("the option meant by an unknown one", () => {
  test.each<[VerbName, string, string]>([
    ["stress", "taget", "target"],
    ["stress", "targets", "target"],
    ["stress", "child", "children"],
    ["stress", "childern", "children"],
    ["stress", "durations", "duration"],
    ["stress", "sed", "seed"],
    ["stress", "op", "ops"],
    ["local-stack", "l1", "l1-block-time"],
    ["local-stack", "l2-blocktime", "l2-block-time"],
    ["local-stack", "exit-fees", "exit-fee"],
    ["local-stack", "h", "help"],
    ["recover", "wiat", "wait"],
    ["recover", "targt", "target"],
  ])("of %s, --%s, is --%s", (verb, name, meant) => {
    expect(nearestOption(verbs[verb], name)).toBe(meant);
  });

  test.each(["reporter", "coverage", "watch", "project"])("--%s is none of ours", (name) => {
    expect(nearestOption(verbs.stress, name)).toBeUndefined();
  });
});
