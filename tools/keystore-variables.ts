import { existsSync, readFileSync } from "node:fs";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { z } from "zod";
import { reasonOf, StressError } from "../stress/engine/base/index.ts";
import { missingInTarget, type TargetChoice } from "../targets/load.ts";
import { askSecret } from "./ask-secret.ts";
import { root } from "./own-node.mjs";

/** A keystore's file, of which only the names of its variables are open to read. */
const keystoreFile = z.object({ secrets: z.record(z.string(), z.unknown()) });

/**
 * Puts variables that a target names, and neither the environment nor `.env` has, into this process's environment from
 * Hardhat's encrypted keystores: the development one first, which has no password to ask for. Processes that are started
 * afterwards have them, too, and need not ask again.
 *
 * @throws {StressError} KEYSTORE_LOCKED where the password is wrong, or there is no terminal to ask for it
 */
export async function fillFromKeystore({ target, fork }: TargetChoice): Promise<void> {
  const missing = missingInTarget(target, undefined, undefined, fork);
  if (missing.length === 0) return;
  try {
    await fill(missing);
  } catch (error) {
    if (error instanceof StressError) throw error;
    throw locked(missing, reasonOf(error));
  }
}

async function fill(missing: readonly string[]): Promise<void> {
  // Hardhat takes half a second to load: only where something is missing.
  const [{ createHardhatRuntimeEnvironment }, { default: config }] = await Promise.all([
    import("hardhat/hre"),
    import("../hardhat.config.ts"),
  ]);
  const hre = await createHardhatRuntimeEnvironment(config, {}, root);
  const { devFilePath, filePath } = hre.config.keystore;
  const open = namesIn(devFilePath);
  const guarded = namesIn(filePath);
  const known = missing.filter((name) => open.has(name) || guarded.has(name));
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const needsPassword = known.filter((name) => !open.has(name));
  if (needsPassword.length > 0 && !isTerminal) {
    throw locked(needsPassword, `its password can only be asked for in a terminal (${filePath})`);
  }
  hre.hooks.registerHandlers("userInterruptions", {
    requestSecretInput: (_context, _interruptor, description) =>
      askSecret(`${description} of Hardhat's keystore, for ${needsPassword.join(", ")}: `),
  });
  for (const name of known) {
    // An empty variable counts as missing here, but goes before the keystore there.
    if (process.env[name] === "") delete process.env[name];
    const value = await read(hre, name);
    if (value !== "") process.env[name] = value;
  }
}

/** The value of a variable, empty where the plugin has none: in CI it does not look. */
const read = (hre: HardhatRuntimeEnvironment, name: string): Promise<string> =>
  hre.hooks.runHandlerChain(
    "configurationVariables",
    "fetchValue",
    [{ _type: "ConfigurationVariable", name }],
    async () => "",
  );

function namesIn(path: string): ReadonlySet<string> {
  if (!existsSync(path)) return new Set();
  return new Set(Object.keys(keystoreFile.parse(JSON.parse(readFileSync(path, "utf8"))).secrets));
}

const locked = (names: readonly string[], reason: string): StressError =>
  new StressError(
    "KEYSTORE_LOCKED",
    `${names.join(", ")} cannot be read from Hardhat's keystore: ${reason}`,
    "export it, put it into .env, or keep it in the development keystore, which asks for no password " +
      `(npx hardhat keystore set --dev ${names[0] ?? "<name>"})`,
  );
