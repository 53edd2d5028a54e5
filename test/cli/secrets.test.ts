import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Account } from "../../stress/engine/transactions/account.ts";
import { type GuardedEndpoint, guardedEndpoint } from "../fakes/guarded-endpoint.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { type Command, run, start, VITEST } from "./command.ts";
import { FUNDER_KEY, type OwnFolders, ownTarget } from "./own-target.ts";

const SEED = 7;
const CHILDREN = 4;
const PASSWORD = "correct-horse-battery";
const URL_SECRETS = {
  user: "node-user-5150",
  password: "node-password-5151",
  project: "9aa3d95b3bc440fa88ea12eaa4456161",
  token: "query-token-5152",
};

const funder = new Account(`0x${FUNDER_KEY}`);
const SECRETS = [
  FUNDER_KEY,
  ...Array.from({ length: CHILDREN }, (_, number) => funder.deriveChild(SEED, number).revealKey().slice(2)),
  PASSWORD,
  ...Object.values(URL_SECRETS),
];

/** Milliseconds in which a run gets busy, and after which a second SIGINT is another one. */
const BUSY_MS = 1500;
const APART_MS = 1300;

/** Milliseconds for which endpoints fail. */
const BROKEN_MS = 6000;

let bed: TestBed;
let endpoints: readonly [GuardedEndpoint, GuardedEndpoint];
let env: OwnFolders;

beforeAll(async () => {
  bed = await openTestBed();
  const { l1, l2 } = bed.spawned.description;
  endpoints = [await guardedEndpoint(l1, URL_SECRETS), await guardedEndpoint(l2, URL_SECRETS)];
});

afterAll(async () => {
  for (const endpoint of endpoints) await endpoint.close();
  await bed.close();
});

beforeEach(() => {
  env = {
    ...ownTarget(bed, "guarded", {
      l1: { endpoint: "${L1_ENDPOINT}" },
      l2: { endpoint: "${L2_ENDPOINT}" },
      funder: { key: "${FUNDER_KEY}" },
    }),
    L1_ENDPOINT: endpoints[0].url,
    L2_ENDPOINT: endpoints[1].url,
    FUNDER_KEY,
    STRESS_ACCOUNTS_PASSWORD: PASSWORD,
  };
});

const options = ["--target", "guarded", "--children", `${CHILDREN}`, "--seed", `${SEED}`];
const crossings = ["run", "stress/crossings", ...options, "--duration", "5m"];

/** The secrets that a text holds, however their letters are written. */
const heldIn = (text: string): string[] => SECRETS.filter((secret) => text.toLowerCase().includes(secret));

/** Everything in the logs' folder, the encrypted accounts file included. */
const logged = (): string =>
  readdirSync(env.ROLLUP_STRESS_LOGS, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => `${file.name}\n${readFileSync(join(file.parentPath, file.name), "utf8")}`)
    .join("\n");

/** Command lines of a command's processes: it leads a group of its own. Where there is no /proc, its own alone. */
function commandLines({ process: { pid = 0, spawnargs } }: Command): string {
  if (process.platform !== "linux") return spawnargs.join(" ");
  const lines = readdirSync("/proc").map((entry) => {
    if (!/^\d+$/.test(entry)) return "";
    try {
      const [, , group] = readFileSync(`/proc/${entry}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      return Number(group) === pid
        ? readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ")
        : "";
    } catch {
      // It ended meanwhile.
      return "";
    }
  });
  return lines.filter((line) => line !== "").join("\n");
}

describe("no secret is in anything that", () => {
  test("a run prints, logs, or is started with, its state at the second Ctrl-C and its results included", async () => {
    const vitest = start(VITEST, crossings, env);
    await vitest.until(/crossings: 4 children/);
    await sleep(BUSY_MS);
    const lines = commandLines(vitest);
    vitest.process.kill("SIGINT");
    await sleep(APART_MS);
    vitest.process.kill("SIGINT");
    expect(await vitest.exited, vitest.printed()).toBe(130);
    expect(vitest.printed()).toMatch(/operations? (is|are) open:/);
    const text = logged();
    expect(text).toContain("result.json");
    expect(lines).toContain("--target guarded");
    expect(heldIn(vitest.printed() + text + lines)).toEqual([]);

    const recovery = await run(process.execPath, ["tools/recover.ts", "--target", "guarded"], env);
    expect(recovery.printed).toContain(`${CHILDREN} accounts`);
    expect(heldIn(recovery.printed + logged())).toEqual([]);
  });

  test("a run prints and logs whose endpoints fail while it begins", async () => {
    const vitest = start(VITEST, crossings, env);
    await vitest.until(/crossings: 4 children/);
    for (const endpoint of endpoints) endpoint.isBroken = true;
    // Longer than requests are repeated.
    await sleep(BROKEN_MS);
    for (const endpoint of endpoints) endpoint.isBroken = false;
    vitest.process.kill("SIGINT");
    await sleep(APART_MS);
    vitest.process.kill("SIGINT");
    expect(await vitest.exited, vitest.printed()).not.toBe(0);
    expect(vitest.printed()).toMatch(/errors: 5xx ×\d+/);
    expect(heldIn(vitest.printed() + logged())).toEqual([]);
    await run(process.execPath, ["tools/recover.ts", "--target", "guarded"], env);
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      "an endpoint that nobody serves",
      () => ({ L1_ENDPOINT: env["L1_ENDPOINT"]?.replace(/:\d+\/v3/, ":1/v3") ?? "" }),
      /does not answer/,
    ],
    [
      "an endpoint of an unknown host",
      () => ({ L1_ENDPOINT: env["L1_ENDPOINT"]?.replace("127.0.0.1", "host.invalid") ?? "" }),
      /does not answer/,
    ],
    [
      "an endpoint that refuses its client",
      () => ({ L1_ENDPOINT: env["L1_ENDPOINT"]?.replace(/token=.*/, "") ?? "" }),
      /does not answer/,
    ],
    [
      "an endpoint that is no URL",
      () => ({ L1_ENDPOINT: env["L1_ENDPOINT"]?.replace("http://", "http//") ?? "" }),
      /l1\.endpoint/,
    ],
    ["a key of the wrong length", () => ({ FUNDER_KEY: `${FUNDER_KEY}00` }), /funder\.key/],
    ["a key in place of an endpoint", () => ({ L2_ENDPOINT: FUNDER_KEY }), /l2\.endpoint/],
  ])("says what is wrong with %s", async (_, changes, words) => {
    const { code, printed } = await run(VITEST, crossings, { ...env, ...changes() });
    expect(code, printed).toBe(2);
    expect(printed).toMatch(words);
    expect(heldIn(printed + logged())).toEqual([]);
  });

  test.each([
    [
      "that nobody serves",
      "http://node-user-5150:node-password-5151@127.0.0.1:1/9aa3d95b3bc440fa88ea12eaa4456161",
    ],
    ["that answers with something else", "L1"],
  ])("says what is wrong with an address server %s", async (_, url) => {
    const addressServer = url === "L1" ? endpoints[0].url : url;
    const path = join(env.ROLLUP_STRESS_TARGETS, "guarded.json");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), addressServer }));
    const { code, printed } = await run(VITEST, crossings, env);
    expect(code, printed).toBe(2);
    expect(printed).toContain("no contract addresses from http://127.0.0.1:");
    expect(heldIn(printed + logged())).toEqual([]);
  });
});
