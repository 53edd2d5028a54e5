import { expect, test } from "vitest";
import { artifact } from "../../fixtures/local-stack/artifacts.ts";
import { openStack, type OpenStack } from "../../fixtures/stack.ts";
import { PREDEPLOYS } from "../../stress/engine/predeploys.ts";
import type { WireCall } from "../fakes/json-rpc-server.ts";
import { until } from "../local-stack/faults/until.ts";
import { openTestBed, runOn } from "../run/running.ts";
import { openChangedEndpoint } from "./endpoint.ts";
import { forkedTarget, QUICK } from "./forking.ts";

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

test("a legacy L2, with headers and an ETH contract of its own, is forked and crossed", async () => {
  const bed = await openTestBed();
  let stack: OpenStack | undefined;
  try {
    const changes = {
      l2: { endpoint: await legacyUrl(bed.spawned.description.l2), chainId: 31_338 },
      fork: { ...QUICK, margin: 1 },
    };
    // A block of the stack's own, after those that deployed it.
    const deployed = await bed.providers[1].getBlockNumber();
    await until("blocks", async () =>
      (await bed.providers[1].getBlockNumber()) > deployed + 2 ? true : undefined,
    );
    const target = forkedTarget(bed, "newest", changes);
    stack = await openStack(target);
    expect(stack.fork?.standIns.join("\n")).toContain(
      `our contract at ${PREDEPLOYS.eth} in place of the target's`,
    );
    const shares = { 1: { FO: 40, SO: 60 }, 2: { FX: 40, SX: 60 } };
    const { result } = await runOn({ ...bed, stack }, { target, children: 6, duration: 3000, shares });
    expect(result.failed).toEqual([]);
    expect(result.clean).toBe(true);
    expect(result.audit.counts["paid once"]).toBeGreaterThan(6);
    expect(result).toConserveFunds();
    expect(result).toPayExactlyOnce();
  } finally {
    await stack?.close();
    await bed.close();
  }
});
