// `npm run local-stack`: the local stack on its fixed ports, until Ctrl-C.
import { parseArgs } from "node:util";
import { HDNodeWallet } from "ethers";
import { PortTaken } from "../fixtures/local-stack/listen.ts";
import { STANDALONE_PORTS, stackSettings, type StackSettings } from "../fixtures/local-stack/settings.ts";
import { startStack } from "../fixtures/local-stack/start.ts";
import { TEST_MNEMONIC } from "../targets/from-target-file.ts";
import { parseDuration } from "../stress/engine/base/duration.mjs";

const USAGE = `npm run local-stack -- [options]
  --l1-block-time <time>        between L1 blocks (default 1s)
  --l2-block-time <time>        between L2 blocks (default 250ms)
  --fraud-proof-window <time>   before slow exits are relayed (default 5s)
  --exit-fee <n>                BOBA tokens that a fast exit costs (default 0)`;

const TEST_ACCOUNTS = 20;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

const FLAGS = {
  "l1-block-time": "ms",
  "l2-block-time": "ms",
  "fraud-proof-window": "s",
  "exit-fee": "n",
} as const;

type Flag = keyof typeof FLAGS;

/** The number a flag's text stands for: milliseconds, seconds or a count; undefined where it is not given. */
function numberOf(flag: Flag, text: string | boolean | undefined): number | undefined {
  if (typeof text !== "string") return undefined;
  const isCount = FLAGS[flag] === "n";
  const parsed = isCount ? Number(text) : parseDuration(text);
  if (
    parsed === undefined ||
    !Number.isFinite(parsed) ||
    (isCount && !/^\d+$/.test(text)) ||
    (!isCount && parsed < 1)
  ) {
    throw new Error(
      `--${flag} wants ${isCount ? "a whole number" : "a time such as 250ms or 5s"}, not '${text}'`,
    );
  }
  return FLAGS[flag] === "s" ? Math.max(1, Math.round(parsed / 1000)) : Math.round(parsed);
}

function readSettings(): StackSettings {
  const flag = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      "l1-block-time": flag,
      "l2-block-time": flag,
      "fraud-proof-window": flag,
      "exit-fee": flag,
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    process.exit(0);
  }
  return stackSettings.parse({
    l1BlockTime: numberOf("l1-block-time", values["l1-block-time"]),
    l2BlockTime: numberOf("l2-block-time", values["l2-block-time"]),
    fraudProofWindow: numberOf("fraud-proof-window", values["fraud-proof-window"]),
    exitFee: numberOf("exit-fee", values["exit-fee"]),
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
