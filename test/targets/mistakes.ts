import { StressError } from "../../stress/engine/base/errors.ts";
import type { Environment } from "../../targets/environment.ts";
import { parseTarget } from "../../targets/load.ts";
import type { Target } from "../../targets/target.ts";

/** A private key that belongs to nobody, and its address. */
export const KEY = `0x${"5e".repeat(32)}`;
export const OWNER = "0xd8291E50E2e68fb2c70d77cCDc707D291a89f209";

export const HOME = "/targets";

/** A target file's content, read as a file of that content is. */
export const load = (content: unknown, env: Environment = {}): Target =>
  parseTarget(JSON.stringify(content), `${HOME}/mine.json`, env);

/** What `act` throws, which has to be one of our own errors. */
export function thrownBy(act: () => unknown): StressError {
  try {
    act();
  } catch (error) {
    if (error instanceof StressError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** The mistakes that a target file's content is refused for, one text each. */
export const mistakesOf = (content: unknown, env: Environment = {}): string[] =>
  thrownBy(() => load(content, env))
    .message.split("\n")
    .slice(1)
    .map((line) => line.replace("  - ", ""));

/** What a target with endpoints of its own needs at least. */
export const remote = {
  name: "mine",
  l1: { endpoint: "https://l1.example" },
  l2: { endpoint: "https://l2.example" },
  funder: { key: KEY },
  addressServer: "https://addresses.example",
};
