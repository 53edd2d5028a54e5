// `npm run local-stack`: the local stack on its fixed ports, until Ctrl-C.
import { parseArgs } from "node:util";
import { HDNodeWallet } from "ethers";
import { PortTaken } from "../fixtures/local-stack/listen.ts";
import { STANDALONE_PORTS, stackSettings, type StackSettings } from "../fixtures/local-stack/settings.ts";
import { startStack } from "../fixtures/local-stack/start.ts";
import { TEST_MNEMONIC } from "../targets/from-target-file.ts";
import { parseDuration } from "./options.mjs";

const USAGE = `npm run local-stack -- [options]
  --l1-block-time <time>        between L1 blocks (default 1s)
  --l2-block-time <time>        between L2 blocks (default 250ms)
  --fraud-proof-window <time>   before slow exits are relayed (default 5s)`;

const TEST_ACCOUNTS = 20;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function readSettings(): StackSettings {
  const time = { type: "string" } as const;
  const options = {
    "l1-block-time": time,
    "l2-block-time": time,
    "fraud-proof-window": time,
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) {
    console.log(USAGE);
    process.exit(0);
  }
  const ms = (name: keyof typeof options): number | undefined => {
    const text = values[name];
    if (typeof text !== "string") return undefined;
    const parsed = parseDuration(text);
    if (parsed === undefined || !Number.isFinite(parsed) || parsed < 1)
      fail(`--${name} wants a time such as 250ms or 5s, not '${text}'`);
    return Math.round(parsed);
  };
  const window = ms("fraud-proof-window");
  return stackSettings.parse({
    l1BlockTime: ms("l1-block-time"),
    l2BlockTime: ms("l2-block-time"),
    fraudProofWindow: window === undefined ? undefined : Math.max(1, Math.round(window / 1000)),
  });
}

function settingsOrUsage(): StackSettings {
  try {
    return readSettings();
  } catch (error) {
    return fail(`local-stack: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

try {
  const stack = await startStack(settingsOrUsage(), STANDALONE_PORTS, (error) => {
    console.error("a service of the local stack broke:", error);
    process.exit(1);
  });
  const { l1, l2, addresses, chainIds } = stack.description;
  console.log(`L1         ${l1}  chain ${chainIds[0]}`);
  console.log(`L2         ${l2}  chain ${chainIds[1]}`);
  console.log(`addresses  ${addresses}/addresses.json, /boba-addr.json`);
  console.log(`\n10000 ETH on both chains for each of the ${TEST_ACCOUNTS} accounts of "${TEST_MNEMONIC}":`);
  for (let index = 0; index < TEST_ACCOUNTS; index++) {
    const { address } = HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`);
    console.log(`  #${index} ${address}`);
  }
  console.log("\nCtrl-C ends it.");
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      console.log("\nStopping …");
      void stack.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  if (error instanceof PortTaken)
    fail(
      `${error.message}\n  → end it (lsof -i :${error.port} names it); a local stack may be running already`,
    );
  throw error;
}
