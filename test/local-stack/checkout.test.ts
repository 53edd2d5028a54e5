import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { artifactsHome, cacheHome } from "../../fixtures/local-stack/checkout.ts";
import { ownFolder } from "../fakes/folder.ts";

afterEach(() => void vi.unstubAllEnvs());

test("contracts are compiled into the checkout where it can be written to", () => {
  const checkout = ownFolder();
  expect(artifactsHome("state", checkout)).toBe(join(checkout, "artifacts", "state"));
  mkdirSync(join(checkout, "artifacts"));
  expect(artifactsHome("state", checkout)).toBe(join(checkout, "artifacts", "state"));
});

test("elsewhere where it cannot: into the cache's folder, or one of the user's own", () => {
  // Nobody can write there, be it root.
  const checkout = join(ownFolder(), "none");
  vi.stubEnv("ROLLUP_STRESS_CACHE", "/cache");
  expect(artifactsHome("state", checkout)).toBe(join("/cache", "artifacts", "state"));
  vi.stubEnv("ROLLUP_STRESS_CACHE", undefined);
  expect(artifactsHome("state", checkout)).toMatch(/rollup-stress-\d+\/artifacts\/state$/);
});

test("the cache is the checkout's, but for a folder that is named, or one of the user's own where it is read-only", () => {
  const checkout = ownFolder();
  vi.stubEnv("ROLLUP_STRESS_CACHE", undefined);
  expect(cacheHome(checkout)).toBe(join(checkout, "cache"));
  expect(cacheHome(join(checkout, "none"))).toMatch(/rollup-stress-\d+$/);
  vi.stubEnv("ROLLUP_STRESS_CACHE", "/elsewhere");
  expect(cacheHome(checkout)).toBe("/elsewhere");
});
