import { concat, parseEther, toBeHex, ZeroAddress } from "ethers";
import { describe, expect, test } from "vitest";
import { onContracts } from "./on-contracts.ts";

const it = onContracts();

const TO = "0x00000000000000000000000000000000000A11cE";
const ALIAS = 0x1111000000000000000000000000000000001111n;

const deposit = (args: readonly unknown[], value = 0n) =>
  it().refusal(it().roles.user, it().portal, "OptimismPortal2", "depositTransaction", args, value);

async function deposited(from: string, args: readonly unknown[], value = 0n) {
  const logs = await it().send(from, it().portal, "OptimismPortal2", "depositTransaction", args, value);
  return logs.flatMap((log) => it().contracts.abi("OptimismPortal2").parseLog(log) ?? []);
}

describe("a deposit", () => {
  test("is told with what it mints, sends and may use", async () => {
    const [event] = await deposited(it().roles.user, [TO, 5n, 21_160n, false, "0xabcdef01"], 7n);
    expect(event?.args.toArray()).toEqual([
      it().roles.user,
      TO,
      0n,
      concat([toBeHex(7, 32), toBeHex(5, 32), toBeHex(21_160, 8), "0x00", "0xabcdef01"]),
    ]);
  });

  test("is its sender's alias where that is a contract, but not where an account has delegated itself", async () => {
    const sender = it().roles.other;
    // Its code calls the portal with what it is called with, and with the value.
    const code = concat(["0x36600060003760006000366000", "0x3473", it().portal, "0x5af100"]);
    const from = async () => {
      const data = it()
        .contracts.abi("OptimismPortal2")
        .encodeFunctionData("depositTransaction", [TO, 0n, 100_000n, false, "0x"]);
      const [log] = await it().sendRaw(it().roles.user, sender, data);
      return log === undefined ? undefined : it().contracts.abi("OptimismPortal2").parseLog(log)?.args[0];
    };
    await it().chains[1].helpers.setCode(sender, code);
    expect(BigInt(String(await from()))).toBe((BigInt(sender) + ALIAS) % 2n ** 160n);
    const delegate = "0x00000000000000000000000000000000000000fc";
    await it().chains[1].helpers.setCode(delegate, code);
    await it().chains[1].helpers.setCode(sender, concat(["0xef0100", delegate]));
    expect(await from()).toBe(sender);
  });

  test("of plain ETH goes to its sender on L2", async () => {
    const [log] = await it().sendRaw(it().roles.user, it().portal, "0x", parseEther("1"));
    const args = log === undefined ? [] : it().contracts.abi("OptimismPortal2").parseLog(log)?.args.toArray();
    const data = concat([
      toBeHex(parseEther("1"), 32),
      toBeHex(parseEther("1"), 32),
      toBeHex(100_000, 8),
      "0x00",
    ]);
    expect(args).toEqual([it().roles.user, it().roles.user, 0n, data]);
  });

  test("is refused for the first of its reasons, in the field's order", async () => {
    const long = `0x${"00".repeat(120_001)}`;
    expect(await deposit([TO, 0n, 0n, true, long])).toBe("OptimismPortal_BadTarget");
    expect(await deposit([ZeroAddress, 0n, 21_000n + 40n * 120_001n - 1n, true, long])).toBe(
      "OptimismPortal_GasLimitTooLow",
    );
    expect(await deposit([ZeroAddress, 0n, 5_000_000n, true, long])).toBe("OptimismPortal_CalldataTooLarge");
    expect(await deposit([TO, 0n, 20_000_001n, false, "0x"])).toBe("OutOfGas");
    expect(await deposit([TO, 0n, 21_000n, false, "0x"])).toBeUndefined();
  });
});

describe("the market of L2 gas", () => {
  const params = async () => (await it().read(it().portal, "OptimismPortal2", "params")).map(Number);

  test("sells a block's limit and no more, and is dearer in the next block", async () => {
    // At the first price each would burn millions of gas.
    await it().chains[1].helpers.mine(50);
    // Five in one block fit, the sixth does not.
    const receipts = await it().sendTogether(
      it().roles.user,
      Array.from({ length: 6 }, () => ({ to: it().portal, args: [TO, 0n, 4_000_000n, false, "0x"] })),
    );
    expect(receipts).toEqual(["0x1", "0x1", "0x1", "0x1", "0x1", "0x0"]);
    const [cheap = 0, sold] = await params();
    expect(sold).toBe(20_000_000);
    await it().sendTogether(it().roles.user, [{ to: it().portal, args: [TO, 0n, 21_000n, false, "0x"] }]);
    const [dear = 0, bought] = await params();
    // Ten times the target: by nine eighths more.
    expect(dear).toBe(cheap + Math.trunc((cheap * 9) / 8));
    expect(bought).toBe(21_000);
  });

  test("falls to its least price where nobody deposits", async () => {
    await it().chains[1].helpers.mine(1000);
    await deposited(it().roles.user, [TO, 0n, 21_000n, false, "0x"]);
    expect((await params())[0]).toBe(1);
  });

  test("has the prices that the real portal has", async () => {
    const real = await it().realPortal();
    // Both start from the same price: of the portals' storage, this is where it is.
    const { helpers, ethers } = it().chains[1];
    await helpers.setStorageAt(real, 1, await ethers.getStorage(it().portal, 1));
    const priceAt = async (portal: string) =>
      Number((await it().read(portal, "OptimismPortal2", "params"))[0]);
    // Blocks without a deposit, then what the next one asks for.
    for (const [empty, gas] of [
      [40, 16_000_000n],
      [0, 20_000_000n],
      [0, 18_000_000n],
      [1, 21_000n],
      [7, 3_000_000n],
      [30, 21_000n],
    ] as const) {
      await it().chains[1].helpers.mine(empty);
      const args = [TO, 0n, gas, false, "0x"];
      const sent = await it().sendTogether(it().roles.user, [
        { to: it().portal, args },
        { to: real, args },
      ]);
      expect(sent).toEqual(["0x1", "0x1"]);
      const expected = await priceAt(real);
      // The field's power function rounds in another place.
      expect(Math.abs((await priceAt(it().portal)) - expected)).toBeLessThanOrEqual(
        Math.max(1, expected / 1e9),
      );
    }
  });
});
