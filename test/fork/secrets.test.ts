import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStack } from "../../fixtures/stack/stack.ts";
import { StressError } from "../../stress/engine/base/errors.ts";
import { guardedEndpoint } from "../fakes/guarded-endpoint.ts";
import { openTestBed } from "../run/running.ts";
import { deployed, forkedTarget } from "./forking.ts";

const SECRETS = { user: "forker", password: "pass-7f31c", project: "project-e02b9", token: "token-55d1a" };

test("an endpoint's secrets are used, and never shown or kept", async () => {
  const bed = await openTestBed();
  await deployed(bed);
  const guarded = await Promise.all(
    [bed.spawned.description.l1, bed.spawned.description.l2].map((url) => guardedEndpoint(url, SECRETS)),
  );
  const [l1, l2] = guarded.map(({ url }) => ({ endpoint: url }));
  const target = forkedTarget(bed, "newest", { l1, l2, fork: { margin: 1 } });
  const shown: string[] = [];
  try {
    const stack = await openStack(target);
    try {
      shown.push(JSON.stringify(stack));
      shown.push(...globSync("/proc/[0-9]*/cmdline").map(commandLine));
    } finally {
      await stack.close();
    }
    for (const endpoint of guarded) endpoint.isBroken = true;
    const refused: unknown = await openStack(target).catch((error: unknown) => error);
    if (!(refused instanceof StressError)) throw new Error("the fork was opened");
    expect(refused.message).toMatch(/the L1 endpoint http:\/\/127\.0\.0\.1:\d+ does not answer/);
    shown.push(refused.render(), refused.stack ?? "");
    const cache = process.env["ROLLUP_STRESS_CACHE"] ?? "";
    const kept = globSync("**/*.jsonl", { cwd: cache });
    expect(kept.length).toBeGreaterThan(0);
    shown.push(...kept, ...kept.map((path) => readFileSync(join(cache, path), "utf8")));
    for (const secret of [SECRETS.password, SECRETS.project, SECRETS.token]) {
      expect(shown.filter((text) => text.includes(secret))).toEqual([]);
    }
  } finally {
    for (const endpoint of guarded) await endpoint.close();
    await bed.close();
  }
});

/** The arguments of a process, which everybody on a machine can read; "" where it has just ended, or on other systems. */
function commandLine(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has just ended.
    return "";
  }
}
