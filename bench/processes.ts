import { fork } from "node:child_process";
import { join } from "node:path";
import { localStacks, type ProtocolName } from "../fixtures/local-stack/index.ts";
import { type SpawnedStack, spawnStack } from "../fixtures/local-stack/spawn.ts";
import { FRUGAL_MEMORY } from "../tools/frugal-memory.mjs";
import type { Driven, DriverTold } from "./driver/told.ts";
import type { NullChainTold } from "./null-chain/main.ts";

/** Something that runs in a process of its own until it is closed. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

const script = (...path: readonly string[]): string => join(import.meta.dirname, ...path);

/** A local stack on free ports, with the block times that users have. */
export function startStack(
  protocol: ProtocolName,
  settings: Record<string, unknown> = {},
): Promise<SpawnedStack> {
  const parsed =
    protocol === "ovm2"
      ? localStacks.ovm2.settings.parse(settings)
      : localStacks["op-stack"].settings.parse(settings);
  return spawnStack(protocol, parsed, { l1: 0, l2: 0, addresses: 0 });
}

/** A null chain that stands in front of another one. */
export async function startNullChain(told: NullChainTold): Promise<Running> {
  const child = fork(script("null-chain", "main.ts"), [JSON.stringify(told)]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message: { url: string }) => resolve(message.url));
    child.once("exit", (code) => reject(new Error(`the null chain ended with code ${code}`)));
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      child.removeAllListeners("exit");
      if (!child.connected) return resolve();
      child.once("exit", () => resolve());
      child.disconnect();
    });
  return { url, close };
}

/** Runs the suite once in a process of its own. @throws {Error} where the run fails */
export function drive(told: DriverTold): Promise<Driven> {
  const child = fork(script("driver", "main.ts"), [JSON.stringify(told)], { execArgv: FRUGAL_MEMORY });
  return new Promise((resolve, reject) => {
    let driven: Driven | undefined;
    child.on("message", (message: Driven) => {
      driven = message;
    });
    child.once("exit", (code) => {
      if (driven === undefined) reject(new Error(`the driver ended with code ${code}, and without figures`));
      else resolve(driven);
    });
  });
}
