import { Interface } from "ethers";
import { describe, expect, test } from "vitest";
import { Abi } from "../../stress/protocols/abi.ts";
import { addressOf } from "../fakes/contracts.ts";

const FRAGMENTS = [
  "function pay(address to, uint256 amount) payable returns (bool)",
  "function twice(uint256 a)",
  "function twice(uint256 a, uint256 b)",
  "event Paid(address indexed to, uint256 amount)",
  "event Moved(bytes32 indexed id)",
  "event Moved(bytes32 indexed id, uint256 amount)",
];

const [abi, plain] = [new Abi(FRAGMENTS), new Interface(FRAGMENTS)];
const TO = addressOf(1);

const keysOf = (one: Interface): string[] => {
  const keys = [
    "pay",
    "Paid",
    "unknown",
    "pay(address,uint256)",
    "unknown(address)",
    "0x12345678",
    `0x${"12".repeat(32)}`,
  ];
  one.forEachFunction(({ selector }) => keys.push(selector, selector.toUpperCase().replace("0X", "0x")));
  one.forEachEvent(({ topicHash }) => keys.push(topicHash, topicHash.toUpperCase().replace("0X", "0x")));
  return keys;
};

describe("an ABI", () => {
  test.each(keysOf(plain))("finds by %s what ethers finds", (key) => {
    expect(abi.getFunction(key)?.format()).toBe(plain.getFunction(key)?.format());
    expect(abi.getEvent(key)?.format()).toBe(plain.getEvent(key)?.format());
  });

  test.each([(one: Interface) => one.getFunction("twice"), (one: Interface) => one.getEvent("Moved")])(
    "refuses a name that several have, as ethers does",
    (find) => {
      expect(() => find(plain)).toThrow("ambiguous");
      expect(() => find(abi)).toThrow("ambiguous");
    },
  );

  test("finds by values which of several is meant", () => {
    expect(abi.getFunction("twice", [1n])?.format()).toBe("twice(uint256)");
    expect(abi.encodeFunctionData("twice(uint256,uint256)", [1n, 2n])).toBe(
      plain.encodeFunctionData("twice(uint256,uint256)", [1n, 2n]),
    );
  });

  test("encodes and decodes as ethers does", () => {
    const data = abi.encodeFunctionData("pay", [TO, 5n]);
    expect(data).toBe(plain.encodeFunctionData("pay", [TO, 5n]));
    expect(abi.parseTransaction({ data })?.args.toArray()).toEqual([TO, 5n]);
    const log = plain.encodeEventLog("Paid", [TO, 5n]);
    expect(abi.decodeEventLog("Paid", log.data, log.topics).toArray()).toEqual([TO, 5n]);
    expect(abi.parseLog(log)?.name).toBe("Paid");
    expect(abi.parseLog({ ...log, topics: [`0x${"12".repeat(32)}`] })).toBeNull();
    expect(abi.decodeFunctionResult("pay", `0x${"00".repeat(31)}01`).toArray()).toEqual([true]);
  });
});
