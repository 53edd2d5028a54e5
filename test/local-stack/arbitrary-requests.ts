import * as fc from "fast-check";
import { account } from "./ovm2/bridge.ts";

const GWEI = 10n ** 9n;

/** Methods that Hardhat's chains, the stack's front or other nodes have: what tools and curious people ask for. */
const METHODS: readonly string[] = `
  debug_traceCall debug_traceTransaction debug_traceBlockByNumber debug_traceBlockByHash
  debug_getRawTransaction eth_accounts eth_getHeaderByHash eth_getHeaderByNumber rpc_modules
  eth_getUncleCountByBlockHash eth_getUncleCountByBlockNumber txpool_contentFrom txpool_inspect
  eth_getRawTransactionByBlockNumberAndIndex
  eth_blobBaseFee eth_blockNumber eth_call eth_chainId eth_coinbase eth_createAccessList eth_estimateGas
  eth_feeHistory eth_fillTransaction eth_gasPrice eth_getBalance eth_getBlockByHash eth_getBlockByNumber
  eth_getBlockReceipts eth_getBlockTransactionCountByHash eth_getBlockTransactionCountByNumber eth_getCode
  eth_getFilterChanges eth_getFilterLogs eth_getLogs eth_getProof eth_getStorageAt
  eth_getRawTransactionByHash eth_getTransactionByBlockHashAndIndex eth_getTransactionByBlockNumberAndIndex
  eth_getTransactionByHash eth_getTransactionCount eth_getTransactionReceipt eth_getUncleByBlockHashAndIndex
  eth_maxPriorityFeePerGas eth_mining eth_newBlockFilter eth_newFilter eth_newPendingTransactionFilter
  eth_pendingTransactions eth_protocolVersion eth_sendRawTransaction eth_sendTransaction eth_sign
  eth_signTransaction eth_signTypedData_v4 eth_simulateV1 eth_subscribe eth_syncing eth_uninstallFilter
  eth_unsubscribe personal_sign evm_increaseTime evm_mine evm_revert evm_setAutomine evm_setBlockGasLimit
  evm_setIntervalMining evm_setNextBlockTimestamp evm_snapshot hardhat_dropTransaction hardhat_getAutomine
  hardhat_impersonateAccount hardhat_metadata hardhat_mine hardhat_reset hardhat_setBalance hardhat_setCode
  hardhat_setCoinbase hardhat_setLoggingEnabled hardhat_setMinGasPrice hardhat_setNextBlockBaseFeePerGas
  hardhat_setNonce hardhat_setPrevRandao hardhat_setStorageAt hardhat_stopImpersonatingAccount net_listening
  net_peerCount net_version rollup_gasPrices rollup_getInfo txpool_content txpool_status web3_clientVersion
  web3_sha3
`
  .trim()
  .split(/\s+/);

const address = fc.constantFrom(...Array.from({ length: 6 }, (_, index) => account(index).address));
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0 1 2 3 4 5 6 7 8 9 a b c d e f".split(" ")), maxLength: length });
const quantity = fc.oneof(
  hex(8).map((digits) => `0x${digits}`),
  fc.constantFrom("0x0", "0x1", "0x5208", `0x${"f".repeat(16)}`, `0x${"f".repeat(64)}`),
);
const callObject = fc.record(
  {
    from: address,
    to: fc.option(address),
    data: hex(40).map((digits) => `0x${digits}`),
    input: hex(40).map((digits) => `0x${digits}`),
    gas: quantity,
    gasPrice: quantity,
    maxFeePerGas: quantity,
    value: quantity,
    nonce: quantity,
    type: quantity,
    accessList: fc.jsonValue({ maxDepth: 1 }),
    authorizationList: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: [] },
);
const parameter = fc.oneof(
  address,
  quantity,
  callObject,
  fc.constantFrom(
    "latest",
    "pending",
    "earliest",
    "safe",
    "finalized",
    true,
    false,
    null,
    "newHeads",
    "logs",
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
/** A request as somebody might send it who knows the methods, and little else. */
export const anyRequest = fc.record({
  jsonrpc: fc.constant("2.0"),
  id: fc.constantFrom(1, "1", null),
  method: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...METHODS) }, fc.string()),
  params: fc.oneof(
    { weight: 9, arbitrary: fc.array(parameter, { maxLength: 4 }) },
    fc.jsonValue({ maxDepth: 2 }),
  ),
});

/** What a transaction is made of: who signs it is a number from 0 to 9. */
export const signed = fc.record({
  who: fc.nat({ max: 9 }),
  type: fc.constantFrom(0, 1, 2, 4),
  nonce: fc.nat({ max: 3 }),
  to: fc.option(address),
  value: fc.constantFrom(0n, 1n, 10n ** 18n, 2n ** 255n),
  gasLimit: fc.constantFrom(0n, 21_000n, 60_000n, 1_000_000n, 60_000_001n, 2n ** 63n),
  price: fc.constantFrom(0n, GWEI, 100n * GWEI, 10n ** 19n),
  data: hex(300).map((digits) => `0x${digits.length % 2 === 0 ? digits : `${digits}0`}`),
});
