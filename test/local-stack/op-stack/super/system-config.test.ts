import { id } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployed } from "./deployed.ts";

/** Where nobody has compiled the contracts yet, and other processes have the processor. Milliseconds. */
const COMPILING = 300_000;

let it: Deployed;
let owner: string;

beforeAll(async () => {
  it = await Deployed.open();
  owner = String((await read("owner"))[0]);
}, COMPILING);

afterAll(() => it.close());

const read = (method: string) => it.read(it.rollup.at.systemConfig, "SystemConfig", method);

const set = (by: string, method: string, args: readonly unknown[]) =>
  it.refusal(by, it.rollup.at.systemConfig, "SystemConfig", method, args);

describe("the configuration", () => {
  test("knows its chain and contracts, which know each other", async () => {
    const { portal, messenger, bridge, superchainConfig } = it.rollup.at;
    expect(await read("version")).toEqual(["4.0.0"]);
    expect(await read("l2ChainId")).toEqual([BigInt(it.chains[2].chainId)]);
    expect(await read("optimismPortal")).toEqual([portal]);
    expect(await read("l1CrossDomainMessenger")).toEqual([messenger]);
    expect(await read("l1StandardBridge")).toEqual([bridge]);
    expect(await read("superchainConfig")).toEqual([superchainConfig]);
    expect(await read("disputeGameFactory")).toEqual([it.at("DisputeGameFactory")]);
    expect(await read("overhead")).toEqual([0n]);
    const [portals] = await it.read(portal, "OptimismPortal2", "systemConfig");
    expect(portals).toBe(it.rollup.at.systemConfig);
    const registry = await it.read(portal, "OptimismPortal2", "anchorStateRegistry");
    expect(registry).toEqual([it.at("AnchorStateRegistry")]);
  });

  test("has lost what version 4 has not", async () => {
    for (const gone of ["batchInbox()", "setGasConfig(uint256,uint256)"]) {
      const data = id(gone).slice(0, 10);
      await expect(it.chains[1].ethers.call({ to: it.rollup.at.systemConfig, data })).rejects.toThrow(
        "revert",
      );
    }
  });

  test("is changed by its owner alone, who says so to L2", async () => {
    for (const [method, args] of [
      ["setGasConfigEcotone", [1, 2]],
      ["setOperatorFeeScalars", [3, 4]],
      ["setMinBaseFee", [5]],
      ["setDAFootprintGasScalar", [6]],
      ["setGasLimit", [60_000_000]],
    ] as const) {
      expect(await set(it.roles.user, method, args)).toBe("Ownable: caller is not the owner");
      expect(await set(owner, method, args)).toBeUndefined();
    }
    const { systemConfig } = it.rollup.at;
    const logs = await it.send(owner, systemConfig, "SystemConfig", "setOperatorFeeScalars", [3, 4]);
    const [update] = logs.flatMap((log) => it.contracts.abi("SystemConfig").parseLog(log) ?? []);
    expect(update?.name).toBe("ConfigUpdate");
    expect(BigInt(String(update?.args["data"]))).toBe((3n << 64n) | 4n);
    expect([...(await read("operatorFeeScalar")), ...(await read("operatorFeeConstant"))]).toEqual([3n, 4n]);
  });

  test("is initialised once", async () => {
    const [config] = await read("resourceConfig");
    const [addresses] = await read("getAddresses");
    const args = [owner, 1, 1, id(""), 1, owner, config, addresses, 1, it.rollup.at.superchainConfig];
    expect(await set(owner, "initialize", args)).toBe("Initializable: contract is already initialized");
    const portal = [it.rollup.at.systemConfig, it.at("AnchorStateRegistry")];
    expect(await it.refusal(owner, it.portal, "OptimismPortal2", "initialize", portal)).toBe(
      "Initializable: contract is already initialized",
    );
  });
});
