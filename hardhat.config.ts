import { createRequire } from "node:module";
import keystore from "@nomicfoundation/hardhat-keystore";
import networkHelpers from "@nomicfoundation/hardhat-network-helpers";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);

/** Common to all chains, forks included: nothing is mined but by the local stack's own block producers. */
export const chain = {
  type: "edr-simulated",
  accounts: { count: 20, accountsBalance: 10n ** 22n },
  // An L2 block every 250 ms shares its second with its neighbours.
  allowBlocksWithSameTimestamp: true,
  blockGasLimit: 60_000_000n,
  // Slow onramps carry an L2 gas limit of 8 million and batches run large: no cap per transaction.
  transactionGasCap: false,
  mining: { auto: false, interval: 0, mempool: { order: "fifo" } },
  // As geth estimates: the least gas with which the transaction itself succeeds.
  gasEstimationMode: "topLevelSuccess",
  // A transaction that reverts is mined and has a receipt, as on a live chain.
  throwOnTransactionFailures: false,
} as const;

/** The two chains of the embedded local stack. */
export const networks = {
  l1: { ...chain, chainType: "l1", chainId: 31337 },
  l2: { ...chain, chainType: "op", chainId: 31338 },
} as const;

/**
 * The two chains of the embedded local stack and the compiler of `contracts/`. Without the keystore, which makes a folder in
 * the user's home: a stack starts where there is none to write to, too.
 */
export const localStack = defineConfig({
  plugins: [networkHelpers],
  solidity: {
    compilers: [
      {
        version: "0.8.37",
        // The compiler comes from npm: nothing is downloaded at run time.
        path: require.resolve("solc/soljson.js"),
        // "paris": legacy rollups have no PUSH0.
        settings: { evmVersion: "paris", optimizer: { enabled: true, runs: 200 } },
      },
    ],
  },
  networks,
});

/** What `npx hardhat` has: `npx hardhat keystore set FUNDER_KEY` keeps a variable of a target. */
export default defineConfig({ ...localStack, plugins: [networkHelpers, keystore] });
