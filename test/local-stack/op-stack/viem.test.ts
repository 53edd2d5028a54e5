import {
  createPublicClient,
  createWalletClient,
  defineChain,
  getAddress,
  type Hex,
  http,
  parseEther,
  zeroAddress,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import {
  chainConfig,
  getL2TransactionHashes,
  getWithdrawals,
  publicActionsL1,
  publicActionsL2,
  walletActionsL1,
  walletActionsL2,
} from "viem/op-stack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpBed, openOpBed } from "./op-bed.ts";

const TEST_MNEMONIC = "test test test test test test test test test test test junk";

/** Milliseconds from one look of the client to the next. */
const POLLING = 100;

/** Where Multicall3 is on any chain. */
const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";

/** What the field's client knows of a chain: no more than its definition of any OP Stack has. */
function chainsOf(bed: OpBed) {
  const on1 = (name: string) => ({ 31_337: { address: getAddress(bed.find(name) ?? zeroAddress) } });
  const l1 = defineChain({
    ...hardhat,
    id: 31_337,
    rpcUrls: { default: { http: [bed.urls[1]] } },
    contracts: { multicall3: { address: MULTICALL3 } },
  });
  const l2 = defineChain({
    ...chainConfig,
    id: 31_338,
    sourceId: 31_337,
    name: "local OP Stack",
    blockTime: bed.spawned.description.settings.l2BlockTime,
    nativeCurrency: hardhat.nativeCurrency,
    rpcUrls: { default: { http: [bed.urls[2]] } },
    contracts: {
      ...chainConfig.contracts,
      portal: on1("portal"),
      l1StandardBridge: on1("bridge"),
      l2OutputOracle: on1("L2OutputOracle"),
      disputeGameFactory: on1("DisputeGameFactory"),
    },
  });
  return { l1, l2 };
}

/** viem's clients, unmodified, of one of the test accounts. */
function clientsOf(bed: OpBed) {
  const { l1, l2 } = chainsOf(bed);
  const account = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 3 });
  const at = (url: string) => ({ transport: http(url), account, pollingInterval: POLLING });
  return {
    account,
    l2,
    public1: createPublicClient({ chain: l1, ...at(bed.urls[1]) }).extend(publicActionsL1()),
    public2: createPublicClient({ chain: l2, ...at(bed.urls[2]) }).extend(publicActionsL2()),
    wallet1: createWalletClient({ chain: l1, ...at(bed.urls[1]) }).extend(walletActionsL1()),
    wallet2: createWalletClient({ chain: l2, ...at(bed.urls[2]) }).extend(walletActionsL2()),
  };
}

/** What one of viem's actions answers is another's parameter, though their types do not fit as strictly as this project has it. */
const asIs = (answer: object): never => answer as never;

describe.each(["oracle", "super"] as const)("viem's client on generation %s", (generation) => {
  let bed: OpBed;
  let clients: ReturnType<typeof clientsOf>;

  beforeAll(async () => {
    // It reckons by the machine's clock: L1's must not be ahead of it.
    // Games by L2 time want blocks of whole seconds.
    const l2BlockTime = generation === "super" ? 1000 : 250;
    bed = await openOpBed({ generation, l1BlockTime: 1000, l2BlockTime });
    clients = clientsOf(bed);
  });

  afterAll(() => bed.close());

  test("deposits, and finds the deposit on L2 by the hash that it derives from L1's log", async () => {
    const { account, public1, public2, wallet1 } = clients;
    const mint = parseEther("1") + 3n;
    const before = await public2.getBalance(account);
    const request = await public2.buildDepositTransaction({ mint, to: account.address });
    const gas = await public1.estimateDepositTransactionGas(asIs(request));
    // What a deposit burns depends on those of its block: everybody adds a margin to viem's estimate.
    const hash = await wallet1.depositTransaction({ ...request, gas: (gas * 3n) / 2n });
    const onL1 = await public1.waitForTransactionReceipt({ hash });
    expect(onL1.status).toBe("success");
    const [l2Hash] = getL2TransactionHashes(onL1) as [Hex];
    const receipt = await public2.waitForTransactionReceipt({ hash: l2Hash });
    expect(receipt).toMatchObject({ transactionHash: l2Hash, type: "0x7e", status: "success", l1Fee: 0n });
    expect(await public2.getTransaction({ hash: l2Hash })).toMatchObject({
      hash: l2Hash,
      type: "deposit",
      mint,
      value: mint,
      from: account.address.toLowerCase(),
    });
    const block = await public2.getBlock({ blockHash: receipt.blockHash });
    expect(block.transactions).toContain(l2Hash);
    expect((await public2.getBalance(account)) - before).toBe(mint);
  });

  test("reckons L2's fees", async () => {
    const { account, public2 } = clients;
    const call = { account, to: account.address, value: 1n };
    const fee = await public2.estimateL1Fee(call);
    expect(fee).toBeGreaterThan(0n);
    expect(await public2.estimateTotalFee(call)).toBeGreaterThan(fee);
    expect(await public2.getL1BaseFee()).toBe(10n ** 9n);
  });

  test("withdraws in three transactions, to the wei", async () => {
    const { account, l2, public1, public2, wallet1, wallet2 } = clients;
    const value = parseEther("0.3") + 7n;
    const request = await public1.buildInitiateWithdrawal({ to: account.address, value });
    const receipt = await public2.waitForTransactionReceipt({
      hash: await wallet2.initiateWithdrawal(request),
    });
    expect(receipt.status).toBe("success");
    const [withdrawal] = getWithdrawals(receipt);
    if (withdrawal === undefined) throw new Error("there is no withdrawal in the receipt");
    const status = () => public1.getWithdrawalStatus({ receipt, targetChain: l2 });
    const toProve = await public1.waitToProve({ receipt, targetChain: l2 });
    expect(await status()).toBe("ready-to-prove");
    // No proof is taken in the second of its game, and the gas of one is estimated on the latest block.
    const head = await public1.getBlockNumber();
    await expect
      .poll(() => public1.getBlockNumber({ cacheTime: 0 }), { timeout: 60_000 })
      .toBeGreaterThan(head);
    const proof = await public2.buildProveWithdrawal(asIs(toProve));
    const proved = await public1.waitForTransactionReceipt({
      hash: await wallet1.proveWithdrawal(asIs(proof)),
    });
    expect(proved.status).toBe("success");
    const { withdrawalHash } = withdrawal;
    await public1.waitToFinalize({ targetChain: l2, withdrawalHash });
    // It counts seconds only; that the game is resolved, too, is in the status.
    await expect.poll(status, { interval: POLLING, timeout: 60_000 }).toBe("ready-to-finalize");
    const before = await public1.getBalance(account);
    const hash = await wallet1.finalizeWithdrawal({ targetChain: l2, withdrawal });
    const finalized = await public1.waitForTransactionReceipt({ hash });
    expect(finalized.status).toBe("success");
    const fee = finalized.gasUsed * finalized.effectiveGasPrice;
    expect((await public1.getBalance(account)) - before).toBe(value - fee);
    expect(await status()).toBe("finalized");
  });
});
