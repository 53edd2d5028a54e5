import { expect, test } from "vitest";
import { artifact } from "../../fixtures/local-stack/ovm2/artifacts.ts";
import { openStack, type OpenStack } from "../../fixtures/stack/stack.ts";
import { PREDEPLOYS } from "../../stress/protocols/ovm2/predeploys.ts";
import type { WireCall } from "../fakes/json-rpc-server.ts";
import { openTestBed, runOn } from "../run/running.ts";
import { openChangedEndpoint } from "./endpoint.ts";
import { deployed, forkedTarget, QUICK } from "./forking.ts";

/** What headers of a legacy rollup's geth do not have. */
const LATER = [
  "baseFeePerGas",
  "blobGasUsed",
  "excessBlobGas",
  "parentBeaconBlockRoot",
  "requestsHash",
  "withdrawals",
  "withdrawalsRoot",
];

/** OVM_ETH, an ERC-20 token, keeps its supply in slot 2; the local stack's contract in slot 0. */
function asLegacy({ method, params }: WireCall, result: unknown): unknown {
  const isEth = String(params[0]).toLowerCase() === PREDEPLOYS.eth;
  if (method === "eth_getCode" && isEth) return artifact("core:OVM_ETH").deployedBytecode;
  if (method !== "eth_getBlockByNumber" || typeof result !== "object" || result === null) return result;
  const kept = Object.entries(result).filter(([field]) => !LATER.includes(field));
  return { ...Object.fromEntries(kept), extraData: `0x${"00".repeat(97)}`, difficulty: "0x2" };
}

/** Headers of a proof-of-authority L1 of old. */
const asOldL1 = ({ method }: WireCall, result: unknown): unknown =>
  method === "eth_getBlockByNumber" ? asLegacy({ id: 0, method, params: [] }, result) : result;

/** Reads of OVM_ETH's slot 2 go to where the real node has the supply. */
const legacyUrl = async (url: string): Promise<string> => {
  const supply = await fetch(url, {
    method: "POST",
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "eth_getStorageAt",
      params: [PREDEPLOYS.eth, "0x0", "latest"],
    }),
  });
  const { result: slot } = (await supply.json()) as { result: string };
  const node = await openChangedEndpoint(url, (call, result) => {
    const isSupply =
      call.method === "eth_getStorageAt" &&
      String(call.params[0]).toLowerCase() === PREDEPLOYS.eth &&
      BigInt(String(call.params[1])) === 2n;
    return isSupply ? slot : asLegacy(call, result);
  });
  return node.url;
};

test("a legacy pair, with headers of old and another ETH contract on L2, is forked and crossed", async () => {
  const bed = await openTestBed();
  let stack: OpenStack | undefined;
  try {
    const l1 = await openChangedEndpoint(bed.spawned.description.l1, asOldL1);
    const changes = {
      l1: { endpoint: l1.url, chainId: 31_337 },
      l2: { endpoint: await legacyUrl(bed.spawned.description.l2), chainId: 31_338 },
      fork: { ...QUICK, margin: 1 },
    };
    await deployed(bed);
    const target = forkedTarget(bed, "newest", changes);
    stack = await openStack(target);
    expect(stack.fork?.standIns.join("\n")).toContain(
      `our contract at ${PREDEPLOYS.eth} in place of the target's`,
    );
    const { result } = await runOn(
      { ...bed, stack },
      {
        target,
        children: 2,
        startChain: 1,
        duration: Number.POSITIVE_INFINITY,
        drive: async ([child]) => {
          for (const code of ["FO", "FX", "SO", "SX"]) {
            expect((await child?.perform(code))?.outcome, code).toEqual({ kind: "succeeded" });
          }
        },
      },
    );
    expect(result.failed).toEqual([]);
    expect(result.clean).toBe(true);
    expect(result.audit.counts["paid once"]).toBeGreaterThanOrEqual(4);
    expect(result).toConserveFunds();
    expect(result).toPayExactlyOnce();
  } finally {
    await stack?.close();
    await bed.close();
  }
});
