import { Interface, type JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { account } from "./ovm2/bridge.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

type Fields = Record<string, unknown>;

const [from, to] = [account(7), account(8)];

describe.each([1, 2] as const)("L%d", (chain) => {
  let url: string;
  let node: JsonRpcProvider;

  /** What is answered, errors included, as it is written. */
  async function post(method: string, ...params: unknown[]): Promise<Fields> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    return (await (await fetch(url, { method: "POST", body })).json()) as Fields;
  }

  beforeAll(() => {
    url = bed.spawned.description[chain === 1 ? "l1" : "l2"];
    node = bed.providers[chain];
  });

  test("refuses transactions in geth's words", async () => {
    await (await from.connect(node).sendTransaction({ to: to.address, value: 1n })).wait();
    const nonce = (await node.getTransactionCount(from.address)) - 1;
    const chainId = 31_336 + chain;
    const fees = { type: 2, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n, gasLimit: 21_000n };
    const refused = async (fields: object) => {
      const raw = await from.signTransaction({
        chainId,
        to: to.address,
        nonce: nonce + 1,
        ...fees,
        ...fields,
      });
      return (await post("eth_sendRawTransaction", raw))["error"];
    };
    const said = (message: string) => ({ code: -32_000, message: expect.stringContaining(message) });
    expect(await refused({ nonce })).toEqual(
      said(`nonce too low: next nonce ${nonce + 1}, tx nonce ${nonce}`),
    );
    expect(await refused({ gasLimit: 20_000n })).toEqual(
      said("intrinsic gas too low: have 20000, want 21000"),
    );
    expect(await refused({ value: 10n ** 24n })).toEqual(
      said("insufficient funds for gas * price + value: "),
    );
    expect(await refused({ chainId: 5 })).toEqual(said("invalid chain id for signer"));
    expect(await refused({ gasLimit: 2n ** 24n + 1n })).toEqual(
      said("transaction gas limit too high (cap: 16777216, tx: 16777217)"),
    );
    expect(await refused({ nonce: nonce + 9 })).toBeUndefined();
    expect(await refused({ nonce: nonce + 9 })).toEqual(said("already known"));
    expect(await refused({ nonce: nonce + 9, value: 1n })).toEqual(
      said("replacement transaction underpriced"),
    );
    expect((await post("eth_sendRawTransaction", "0x03c0"))["error"]).toEqual(
      said("transaction type not supported"),
    );
  });

  test("tells why a call reverted as geth does, and nothing else in an error's data", async () => {
    const reason = new Interface(["function Error(string)"]).encodeFunctionData("Error", ["no luck"]);
    const length = (reason.length / 2 - 1).toString(16).padStart(2, "0");
    // Creation code that reverts with what follows it: PUSH1 length PUSH1 12 PUSH1 0 CODECOPY PUSH1 length PUSH1 0 REVERT
    const data = `0x60${length}600c60003960${length}6000fd${reason.slice(2)}`;
    for (const method of ["eth_call", "eth_estimateGas"]) {
      expect((await post(method, { from: from.address, data }))["error"]).toEqual({
        code: 3,
        message: "execution reverted: no luck",
        data: reason,
      });
    }
    expect((await post("eth_call", { data: "0x60006000fd" }))["error"]).toMatchObject({
      message: "execution reverted",
    });
    expect(Object.keys((await post("eth_getBalance"))["error"] as object)).toEqual(["code", "message"]);
  });
});
