import { writeSync } from "node:fs";
import { expect, test } from "vitest";
import { verdictOf } from "../../fixtures/recovery/verdict.ts";
import type { WriteBytes } from "../../stress/journal/line-file.ts";
import { mistakes } from "../simulation/oracle.ts";
import { simulate } from "../simulation/simulate.ts";
import { FAIR } from "../simulation/world/weather.ts";

/** A disk that spoils the first line of this kind, as many bytes as it has. */
function spoiling(pattern: RegExp, spoilt: (line: string) => string): WriteBytes {
  let isDone = false;
  return (file, bytes, offset) => {
    const lines = Buffer.from(bytes.subarray(offset)).toString().split("\n");
    const at = lines.findIndex((line) => pattern.test(line));
    if (isDone || at < 0) return writeSync(file, bytes, offset);
    isDone = true;
    writeSync(file, lines.with(at, spoilt(lines[at] ?? "")).join("\n"));
    return bytes.length - offset;
  };
}

const killed = { ...FAIR, killAfter: [2000] };

test.each([
  ["one bad opening", /^# opening=.*chain=2/, (line: string) => line.replace(/block=\d/, "block=x")],
  ["a crossing cut short", /^OP_WATCH,\d+,F[OX]/, (line: string) => line.slice(0, 50)],
] as const)(
  "of a killed run whose journal has %s, everything comes back, and is told as back",
  async (_, pattern, spoilt) => {
    const simulated = await simulate(1, { weather: killed, write: spoiling(pattern, spoilt) });
    const { result, recovery } = simulated;
    expect(result).toBeUndefined();
    if (recovery === undefined) throw new Error("wants a recovery");
    const returned = recovery.accounts.reduce((sum, one) => sum + one.returned[1] + one.returned[2], 0n);
    expect(returned).toBeGreaterThan(10n ** 18n);
    expect(verdictOf({ ...recovery, dust: 0n })).toMatchObject({
      exitCode: 0,
      sentence: expect.stringMatching(
        /^Everything is back: .*, but the books differ, as op\.log is damaged/,
      ) as string,
    });
    expect(mistakes({ ...simulated, recovery: { ...recovery, books: undefined } })).toEqual([]);
  },
);
