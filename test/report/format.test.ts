import { describe, expect, test } from "vitest";
import { ether, exactEther, exactSeconds, gwei, seconds } from "../../stress/engine/base/index.ts";
import { table } from "../../stress/report/table.ts";

describe("numbers as a person reads them", () => {
  test("ether has six decimals, cut off", () => {
    expect(ether(1_234_567_899_999_999_999n)).toBe("1.234567");
  });

  test("ether keeps its sign", () => {
    expect(ether(-1_000_000_000_000_000_000n)).toBe("-1.000000");
  });

  test("exact ether has every wei", () => {
    expect(exactEther(1n)).toBe("0.000000000000000001");
  });

  test("gwei has three decimals at most", () => {
    expect(gwei(1_234_567_890n)).toBe("1.235");
  });

  test("seconds have one decimal", () => {
    expect(seconds(1250)).toBe("1.3 s");
  });

  test("exact seconds have three decimals", () => {
    expect(exactSeconds(662.21166)).toBe("0.662 s");
  });
});

describe("a table", () => {
  test("aligns its first column to the left and the others to the right", () => {
    expect(
      table([
        ["code", "n"],
        ["PY", "1000"],
      ]),
    ).toEqual(["code     n", "PY    1000"]);
  });
});
