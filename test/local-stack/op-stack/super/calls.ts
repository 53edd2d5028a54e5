import { isCallException, toQuantity } from "ethers";
import { z } from "zod";
import type { LocalChain } from "../../../../fixtures/local-stack/chains.ts";
import type { StandIn, StandIns } from "../../../../fixtures/local-stack/op-stack/super/contracts.ts";

const NAMES: readonly StandIn[] = [
  "OptimismPortal2",
  "AnchorStateRegistry",
  "DisputeGameFactory",
  "SuperFaultDisputeGame",
  "SuperPermissionedDisputeGame",
  "SystemConfig",
];

/** Whatever is done; the dearest burns 20 million for what it asks for on L2. */
const GAS = { one: 5_000_000, deposit: 20_000_000 } as const;

const sent = z.object({
  status: z.string(),
  logs: z.array(z.object({ topics: z.array(z.string()), data: z.string() })),
});
/** Mines a block with one transaction. @throws where it fails */
export async function mine({ provider, helpers }: LocalChain, call: Record<string, string>) {
  const hash = await provider.request({ method: "eth_sendTransaction", params: [call] });
  await helpers.mine(1);
  const receipt = sent.parse(await provider.request({ method: "eth_getTransactionReceipt", params: [hash] }));
  if (receipt.status !== "0x1") throw new Error(`${String(hash)} failed`);
  return receipt;
}

/** Calls of the stand-ins on L1, each in a block of its own. */
export class Calls {
  readonly contracts: StandIns;
  readonly #l1: LocalChain;

  constructor(l1: LocalChain, contracts: StandIns) {
    this.#l1 = l1;
    this.contracts = contracts;
  }

  async read(to: string, name: StandIn, method: string, args: readonly unknown[] = []): Promise<unknown[]> {
    const abi = this.contracts.abi(name);
    const data = abi.encodeFunctionData(method, args);
    return abi.decodeFunctionResult(method, await this.#l1.ethers.call({ to, data })).toArray();
  }

  /** @throws where it reverts, with the error's name */
  async send(
    from: string,
    to: string,
    name: StandIn,
    method: string,
    args: readonly unknown[] = [],
    value = 0n,
  ) {
    const refused = await this.refusal(from, to, name, method, args, value);
    if (refused !== undefined) throw new Error(`${method} reverts: ${refused}`);
    return this.sendRaw(from, to, this.contracts.abi(name).encodeFunctionData(method, args), value);
  }

  /** Sends any call, and tells its logs. */
  async sendRaw(from: string, to: string, data: string, value = 0n) {
    const call = { from, to, data, value: toQuantity(value), gas: toQuantity(GAS.one) };
    return (await mine(this.#l1, call)).logs;
  }

  /** Why a call reverts: its error's name; undefined: it does not. */
  async refusal(
    from: string,
    to: string,
    name: StandIn,
    method: string,
    args: readonly unknown[],
    value = 0n,
  ) {
    const abi = this.contracts.abi(name);
    try {
      await this.#l1.ethers.call({
        from,
        to,
        data: abi.encodeFunctionData(method, args),
        value,
        gasLimit: GAS.one,
      });
      return undefined;
    } catch (error) {
      if (!isCallException(error) || error.data === null) throw error;
      return this.#errorName(error.data);
    }
  }

  /** Errors come from the contract called or from one that it calls. */
  #errorName(data: string): string {
    for (const name of NAMES) {
      const error = this.contracts.abi(name).parseError(data);
      if (error !== null) return error.name === "Error" ? String(error.args[0]) : error.name;
    }
    return data;
  }

  /** Sends deposits in one block, each to its portal, and tells their receipts' status. */
  async sendTogether(
    from: string,
    deposits: readonly { readonly to: string; readonly args: readonly unknown[] }[],
  ) {
    const { provider, helpers } = this.#l1;
    const hashes: unknown[] = [];
    for (const { to, args } of deposits) {
      const data = this.contracts.abi("OptimismPortal2").encodeFunctionData("depositTransaction", args);
      const call = { from, to, data, gas: toQuantity(GAS.deposit) };
      hashes.push(await provider.request({ method: "eth_sendTransaction", params: [call] }));
    }
    await helpers.mine(1);
    const receipts = hashes.map((hash) =>
      provider.request({ method: "eth_getTransactionReceipt", params: [hash] }),
    );
    return (await Promise.all(receipts)).map((receipt) => sent.parse(receipt).status);
  }
}
