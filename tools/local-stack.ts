// `npm run local-stack`: the local stack on its fixed ports, until Ctrl-C.
import { parseArgs } from "node:util";
import { HDNodeWallet } from "ethers";
import { DEFAULT_PROTOCOL, localStacks } from "../fixtures/local-stack/index.ts";
import { PortTaken } from "../fixtures/local-stack/listen.ts";
import type { ProtocolStack } from "../fixtures/local-stack/protocol-stack.ts";
import { type BlockTimes, type SettingFlag, STANDALONE_PORTS } from "../fixtures/local-stack/settings.ts";
import { startStack } from "../fixtures/local-stack/start.ts";
import { TEST_MNEMONIC } from "../targets/from-target-file.ts";

const twin: ProtocolStack = localStacks[DEFAULT_PROTOCOL];

const HELP_COLUMN = 32;

const helpOf = ({ flag, value, help }: SettingFlag): string =>
  `  --${flag} ${value}`.padEnd(HELP_COLUMN) + help;

const USAGE = ["npm run local-stack -- [options]", ...twin.flags.map(helpOf)].join("\n");

const TEST_ACCOUNTS = 20;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

/** The setting that a flag's text stands for; undefined where it is not given. */
function settingOf(flag: SettingFlag, text: string | boolean | undefined): unknown {
  if (typeof text !== "string") return undefined;
  const setting = flag.read(text);
  if (setting === undefined) throw new Error(`--${flag.flag} wants ${flag.wants}, not '${text}'`);
  return setting;
}

function readSettings(): BlockTimes {
  const flags = Object.fromEntries(twin.flags.map(({ flag }) => [flag, { type: "string" } as const]));
  const { values } = parseArgs({ options: { ...flags, help: { type: "boolean" } } });
  const given: Readonly<Record<string, string | boolean | undefined>> = values;
  if (given["help"] === true) {
    console.log(USAGE);
    process.exit(0);
  }
  return twin.settings.parse(
    Object.fromEntries(twin.flags.map((flag) => [flag.setting, settingOf(flag, given[flag.flag])])),
  );
}

function settingsOrUsage(): BlockTimes {
  try {
    return readSettings();
  } catch (error) {
    return fail(`local-stack: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

try {
  const stack = await startStack(twin, settingsOrUsage(), STANDALONE_PORTS, (error) => {
    console.error("a service of the local stack broke:", error);
    process.exit(1);
  });
  const { l1, l2, addresses, chainIds } = stack.description;
  console.log(`L1         ${l1}  chain ${chainIds[0]}`);
  console.log(`L2         ${l2}  chain ${chainIds[1]}`);
  console.log(`addresses  ${addresses}${stack.pages.join(", ")}`);
  console.log(`\n10000 ETH on both chains for each of the ${TEST_ACCOUNTS} accounts of "${TEST_MNEMONIC}":`);
  for (let index = 0; index < TEST_ACCOUNTS; index++) {
    const { address } = HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`);
    console.log(`  #${index} ${address}`);
  }
  console.log("\nCtrl-C ends it.");
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    if (stopping !== undefined) return;
    console.log("\nStopping …");
    stopping = stack.stop().then(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
} catch (error) {
  if (error instanceof PortTaken)
    fail(
      `${error.message}\n  → end it (lsof -i :${error.port} names it); a local stack may be running already`,
    );
  throw error;
}
