// `npm run local-stack`: the local stack on its fixed ports, until Ctrl-C.
import "./loopback.mjs";
import { HDNodeWallet } from "ethers";
import { localStacks } from "../fixtures/local-stack/index.ts";
import { PortTaken } from "../fixtures/local-stack/listen.ts";
import type { ProtocolStack } from "../fixtures/local-stack/protocol-stack.ts";
import { STANDALONE_PORTS } from "../fixtures/local-stack/settings.ts";
import { startStack } from "../fixtures/local-stack/start.ts";
import { TEST_MNEMONIC } from "../targets/from-target-file.ts";
import { chosenProtocol, ownSettings } from "./local-stack-options.ts";

const twin: ProtocolStack = localStacks[chosenProtocol(process.argv.slice(2))];

const TEST_ACCOUNTS = 20;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

try {
  const stack = await startStack(twin, twin.settings.parse(ownSettings(twin)), STANDALONE_PORTS, (error) => {
    console.error("a service of the local stack broke:", error);
    process.exit(1);
  });
  const { l1, l2, addresses, chainIds } = stack.description;
  console.log(`L1         ${l1}  chain ${chainIds[0]}`);
  console.log(`L2         ${l2}  chain ${chainIds[1]}`);
  console.log(`addresses  ${addresses}  (${stack.pages.join(", ")})`);
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
