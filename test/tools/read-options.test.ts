import * as fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { OptionError } from "../../tools/option-values.mjs";
import type { Option } from "../../tools/option-table.mjs";
import { help, nearestOption, readOptions, takeOptions } from "../../tools/read-options.mjs";
import { runs } from "../fakes/property.ts";
import { type VerbName, verbs } from "./verbs.ts";

const NAMES = Object.keys(verbs) as VerbName[];
/** Commands that take nothing but options of ours. */
const strict = ["local-stack", "recover"] as const;

const optionsOf = (verb: VerbName): [string, Option][] => Object.entries<Option>(verbs[verb].options);

const read = (verb: VerbName, argv: readonly string[]): unknown =>
  verb === "stress" ? takeOptions(argv).own : readOptions(verbs[verb], argv);

/** A text that an option of the table accepts. */
function acceptedBy({ argument, parse }: Option): string | undefined {
  const words = argument.match(/\w[\w-]*/g) ?? [];
  return ["7", "9s", "7,9", "9/s", "missed<9%", "1/2", ...words].find((text) => {
    try {
      parse(text, "--any");
      return true;
    } catch {
      return false;
    }
  });
}

const all = NAMES.flatMap((verb) => optionsOf(verb).map(([name, option]) => ({ verb, name, option })));
const valued = all.filter(({ option }) => option.argument !== "");

describe("every option of every command", () => {
  test.each(all)("$verb --$name stands in the help with its argument", ({ verb, name, option }) => {
    const rows = help(verbs[verb])
      .split("\n")
      .filter((line) => new RegExp(`^  --${name}[ [=]`).test(line));
    expect(rows).toEqual([expect.stringContaining(option.argument)]);
    expect(rows).toEqual([expect.stringContaining(option.help)]);
  });

  test.each(all)("$verb --$name is refused where it is given twice", ({ verb, name, option }) => {
    const text = acceptedBy(option);
    const once = text === undefined ? `--${name}` : `--${name}=${text}`;
    expect(() => read(verb, [once, once])).toThrow(new OptionError(`--${name} is given twice`));
  });

  test.each(valued)("$verb --$name is refused without its value", ({ verb, name, option }) => {
    const refusal = new RegExp(`^--${name} wants a value: --${name}`);
    expect(() => read(verb, [`--${name}=`])).toThrow(refusal);
    if (option.alone !== undefined) return;
    expect(() => read(verb, [`--${name}`])).toThrow(refusal);
    expect(() => read(verb, [`--${name}`, "--other"])).toThrow(refusal);
  });

  test("is told, with --, as the nearest of a name with one letter too many", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.nat(20),
        fc.constantFrom("x", "q"),
        ({ verb, name }, at, letter) => {
          const wrong = `${name.slice(0, at)}${letter}${name.slice(at)}`;
          expect(nearestOption(verbs[verb], wrong)).toBe(name);
          if (verb === "stress") return;
          const message = `unknown option --${wrong}; did you mean --${name}?`;
          expect(() => readOptions(verbs[verb], [`--${wrong}`, "1"])).toThrow(new OptionError(message));
          expect(() => readOptions(verbs[verb], [`--${wrong}=1`])).toThrow(new OptionError(message));
        },
      ),
      runs(100),
    );
  });
});

describe("a command that takes nothing else", () => {
  test.each(strict)("%s refuses what is no option of it", (verb) => {
    expect(() => readOptions(verbs[verb], ["--bogus", "1"])).toThrow(
      new OptionError("unknown option --bogus"),
    );
    expect(() => readOptions(verbs[verb], ["word"])).toThrow(new OptionError("unexpected argument 'word'"));
    expect(() => readOptions(verbs[verb], ["--", "--help"])).toThrow(
      new OptionError("unexpected argument '--'"),
    );
    expect(() => readOptions(verbs[verb], ["--help=yes"])).toThrow(
      new OptionError("--help wants no value, not 'yes'"),
    );
  });

  test.each(strict)("%s may be given none, or --help", (verb) => {
    expect(readOptions(verbs[verb], [])).toEqual({});
    expect(readOptions(verbs[verb], ["--help"])).toEqual({ help: true });
  });

  test("local-stack has its times in what its settings count in: milliseconds between blocks, seconds of the window", () => {
    const own = readOptions(verbs["local-stack"], [
      "--l1-block-time=2s",
      "--l2-block-time",
      "1.5ms",
      "--fraud-proof-window=30s",
      "--exit-fee=0",
    ]);
    expect(own).toEqual({
      "l1-block-time": 2000,
      "l2-block-time": 2,
      "fraud-proof-window": 30,
      "exit-fee": 0,
    });
  });

  test.each([
    [["--l1-block-time=0s"], "--l1-block-time wants a time of at most 24h such as 250ms or 5s, not '0s'"],
    [["--l1-block-time=25h"], "--l1-block-time wants a time of at most 24h such as 250ms or 5s, not '25h'"],
    [["--l2-block-time", "5"], "--l2-block-time wants a time of at most 24h such as 250ms or 5s, not '5'"],
    [
      ["--fraud-proof-window=forever"],
      "--fraud-proof-window wants a time such as 250ms or 5s, not 'forever'",
    ],
    [["--exit-fee=-1"], "--exit-fee wants a whole number from 0 up, not '-1'"],
    [["--exit-fee=1.5"], "--exit-fee wants a whole number from 0 up, not '1.5'"],
    [
      ["--exit-fee=99999999999999999999"],
      "--exit-fee wants a whole number from 0 up, not '99999999999999999999'",
    ],
  ])("local-stack refuses %j", (argv, message) => {
    expect(() => readOptions(verbs["local-stack"], argv)).toThrow(new OptionError(message));
  });

  test("recover reads a target, a time, and a run that logs do not know", () => {
    const argv = ["--target", "mine.json", "--wait=forever", "--seed=0", "--children", "12"];
    const own = readOptions(verbs.recover, argv);
    expect(own).toEqual({ target: "mine", wait: Number.POSITIVE_INFINITY, seed: 0, children: 12 });
    expectTypeOf(own).toEqualTypeOf<{
      readonly target?: string;
      readonly wait?: number;
      readonly seed?: number;
      readonly children?: number;
      readonly shard?: { part: number; of: number };
      readonly help?: true;
    }>();
  });

  test.each([
    [["--seed=1"], "--seed and --children belong together"],
    [["--children=1"], "--seed and --children belong together"],
    [["--seed=1", "--children=0"], "--children wants a whole number from 1 up, not '0'"],
    [["--seed=1", "--children=1000000000"], "--children wants 10000 at most, not '1000000000'"],
    [["--seed=1", `--children=${"9".repeat(40)}`], `--children wants 10000 at most, not '${"9".repeat(40)}'`],
    [["--target=../x"], "--target wants the name of a file in targets/, not '../x'"],
    [["--target=.."], "--target wants the name of a file in targets/, not '..'"],
    [["--wait", "soon"], "--wait wants a time such as 30s or 10m, not 'soon'"],
    [["--target=../secret"], "--target wants the name of a file in targets/, not '../secret'"],
  ])("recover refuses %j", (argv, message) => {
    expect(() => readOptions(verbs.recover, argv)).toThrow(new OptionError(message));
  });
});
