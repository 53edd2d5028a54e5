import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BloomQuery } from "../../../stress/engine/chain/bloom.ts";
import { bloomOf } from "../../fakes/bloom.ts";
import { runs } from "../../fakes/property.ts";

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((all) => `0x${Buffer.from(all).toString("hex")}`);

const someLogs = fc.array(
  fc.record({ address: hex(20), topics: fc.array(hex(32), { minLength: 1, maxLength: 3 }) }),
  {
    minLength: 1,
    maxLength: 12,
  },
);

describe("a header's bloom", () => {
  test("promises every event that the block has", () => {
    fc.assert(
      fc.property(someLogs, (logs) => {
        const bloom = bloomOf(logs);
        for (const { address, topics } of logs)
          expect(new BloomQuery([address], topics.slice(0, 1)).promises(bloom)).toBe(true);
      }),
      runs(50),
    );
  });

  test("that is empty, missing, no bloom or nearly full promises nothing", () => {
    const query = new BloomQuery([`0x${"11".repeat(20)}`], [`0x${"22".repeat(32)}`]);
    for (const bloom of [undefined, "0x", `0x${"00".repeat(256)}`, `0x${"ff".repeat(256)}`])
      expect(query.promises(bloom)).toBe(false);
  });
});
