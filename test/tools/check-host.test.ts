import { describe, expect, test } from "vitest";
import { checkHost } from "../../tools/check-host.ts";

type Host = Parameters<typeof checkHost>[0];

const host = (retry: Host["config"]["retry"], watch = false): Host =>
  ({ config: { retry }, vitest: { config: { watch } } }) as Host;

describe("vitest as a host of scenarios", () => {
  test.each([0, undefined, { count: 0 }, { delay: 5 }])("may retry %j times", (retry) => {
    expect(() => checkHost(host(retry as Host["config"]["retry"]))).not.toThrow();
  });

  test.each([1, 2, { count: 1 }])("may not retry %j times", (retry) => {
    expect(() => checkHost(host(retry))).toThrow("stress specs are not retried");
  });

  test("may not watch them", () => {
    expect(() => checkHost(host(0, true))).toThrow("stress specs are not watched");
  });
});
