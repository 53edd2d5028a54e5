import { parseEther } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../fakes/property.ts";
import { mistakesOf, HOME, KEY, load, OWNER, remote } from "./mistakes.ts";

describe("defaults of our own format", () => {
  test("are the predecessor's for children, pools and limits", () => {
    const { funding, limits } = load(remote);
    expect(funding).toEqual({
      minimumBalance: parseEther("0.025"),
      perChild: parseEther("0.5"),
      batch: 500,
      bridge: { poolMinimumEth: 11 },
    });
    expect(limits).toEqual({
      maxFund: parseEther("100"),
      toleratedFailures: 0,
      slowAfter: 600_000,
      stuckAfter: 1_800_000,
      giveUpAfter: 2_700_000,
      endpointDeadAfter: 60_000,
    });
  });

  test("let children alternate, refuse mainnet and do not pace dispatches", () => {
    expect(load(remote)).toMatchObject({ startChain: 0, allowMainnet: false, dispatchInterval: 0 });
  });

  test("of a chain are no confirmations and a fifth more gas than estimated", () => {
    const { place } = load(remote);
    if (place.kind !== "endpoints") throw new Error("wants endpoints");
    expect(place.chains[1]).toMatchObject({
      endpoints: ["https://l1.example"],
      chainId: undefined,
      confirmations: 0,
      gasMultiplier: 1.2,
    });
  });

  test("write statistics every 30 s on endpoints and every 5 s on the local stack", () => {
    expect(load(remote).statisticsEvery).toBe(30_000);
    expect(load({ name: "mine", stack: {} }).statisticsEvery).toBe(5000);
  });

  test("of the stack are its block times and fraud-proof window", () => {
    const { place } = load({ name: "mine", stack: {} });
    if (place.kind !== "local stack") throw new Error("wants the local stack");
    expect(place.settings).toMatchObject({ l1BlockTime: 1000, l2BlockTime: 250, fraudProofWindow: 5 });
  });

  test("of the stack's funder is test account 5", () => {
    const { funder } = load({ name: "mine", stack: {} });
    expect(funder.address).toBe("0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc");
  });
});

describe("what a file says", () => {
  test("is taken over, with times in milliseconds and amounts in wei", () => {
    const target = load({
      ...remote,
      startChain: 2,
      shares: { l1: { AL: 1 }, l2: { FX: 12.5 } },
      dispatchInterval: "500ms",
      statisticsEvery: "1m",
      allowMainnet: true,
      limits: { maxFundEth: 5, toleratedFailures: 3, stuckAfter: "2h" },
      funding: { perChildEth: 0.1, batch: 7 },
    });
    expect(target).toMatchObject({
      startChain: 2,
      shares: { 1: { AL: 1 }, 2: { FX: 12.5 } },
      dispatchInterval: 500,
      statisticsEvery: 60_000,
      allowMainnet: true,
      limits: { maxFund: parseEther("5"), toleratedFailures: 3, stuckAfter: 7_200_000 },
      funding: { perChild: parseEther("0.1"), batch: 7 },
    });
  });

  test.each([
    ["http://127.0.0.1:9545", ["http://127.0.0.1:9545"]],
    ["wss://l1.example/key", ["wss://l1.example/key"]],
    [
      ["https://a.example", "ws://b.example"],
      ["https://a.example", "ws://b.example"],
    ],
  ])("about a chain's endpoint may be a URL or a list of them: %j", (endpoint, endpoints) => {
    const { place } = load({ ...remote, l1: { endpoint } });
    expect(place).toMatchObject({ chains: { 1: { endpoints } } });
  });

  test("about a funder may leave out the key's 0x", () => {
    expect(load({ ...remote, funder: { key: KEY.slice(2) } }).funder).toEqual({ address: OWNER, key: KEY });
  });

  test("about a file of addresses is seen from the target's own folder", () => {
    const { addressServer: _, ...rest } = remote;
    const { place } = load({ ...rest, addressFile: "here/list.json" });
    expect(place).toMatchObject({ addresses: { from: "file", path: `${HOME}/here/list.json` } });
  });
});

test("amounts of ether are exact to the wei, as they stand in the file", () => {
  fc.assert(
    fc.property(fc.nat(10 ** 9), fc.constantFrom(3, 6, 9), (digits, decimals) => {
      const perChildEth = Number(`${digits}e-${decimals}`);
      const wei = BigInt(digits) * 10n ** BigInt(18 - decimals);
      expect(load({ ...remote, funding: { perChildEth } }).funding.perChild).toBe(wei);
    }),
    runs(60),
  );
});

describe("a file with mistakes", () => {
  test("has all of them told at once", () => {
    const mistakes = mistakesOf({
      name: "with blank",
      l1: { endpoint: "l1.example", confirmations: -1 },
      l2: { endpoint: "https://l2.example", chainId: 0 },
      funder: { key: "0x12" },
      addressServer: "https://addresses.example",
      startChain: 3,
      dispatchInterval: "soon",
    });
    expect(mistakes.map((mistake) => mistake.slice(0, mistake.indexOf(":")))).toEqual([
      "name",
      "l1.endpoint",
      "l1.confirmations",
      "l2.chainId",
      "funder.key",
      "startChain",
      "dispatchInterval",
    ]);
  });

  test("has mistakes of form and mistakes of sense told at once", () => {
    const mistakes = mistakesOf({ ...remote, stack: {}, startChain: 3 });
    expect(mistakes).toEqual([
      expect.stringMatching(/^startChain: /),
      "stack: stands in place of l1, l2 and addresses; give either",
    ]);
  });

  test.each([
    [{ startChian: 1 }, "startChian: unknown key; did you mean startChain?"],
    [{ limits: { maxFundEht: 1 } }, "limits.maxFundEht: unknown key; did you mean maxFundEth?"],
    [{ shares: { l2: { FO: 1 } } }, "shares.l2.FO: no such operation; there are AL, RL, FX, SX"],
    [{ l1: { endpoint: "https://a", chainID: 1 } }, "l1.chainID: unknown key; did you mean chainId?"],
  ])("has an unknown key told with the nearest known one: %j", (own, mistake) => {
    expect(mistakesOf({ ...remote, ...own })).toEqual([mistake]);
  });

  test.each([{ l1: remote.l1 }, { l2: remote.l2 }, { addressServer: "https://a" }, { addresses: {} }])(
    "names a stack beside %j",
    (own) => {
      expect(mistakesOf({ name: "mine", stack: {}, ...own })).toEqual([
        "stack: stands in place of l1, l2 and addresses; give either",
      ]);
    },
  );

  test("whose protocol lacks an operation is told those that it has", () => {
    const target = {
      name: "mine",
      protocol: "op-stack",
      stack: {},
      shares: { l1: { AL: 5 }, l2: { RL: 5 } },
    };
    const told = () => load(target);
    expect(told).toThrow("shares.l1.AL: no such operation; there are FO, SO, TO");
    expect(told).toThrow("shares.l2.RL: no such operation; there are FX, SX, TX");
  });

  test("that has neither stack nor anything else is told what is missing", () => {
    expect(mistakesOf({ name: "mine" })).toEqual([
      "l1: missing (or give stack to run on the embedded local stack)",
      "l2: missing",
      "addresses: give just one of addresses, addressFile and addressServer",
      "funder: missing",
    ]);
  });

  test("that has two sources of addresses is refused", () => {
    expect(mistakesOf({ ...remote, addressFile: "a.json" })).toEqual([
      "addresses: give just one of addresses, addressFile and addressServer",
    ]);
  });

  test("whose key is another's is told both addresses and not the key", () => {
    const address = "0x0000000000000000000000000000000000000001";
    expect(mistakesOf({ ...remote, funder: { key: KEY, address } })).toEqual([
      `funder: the private key belongs to ${OWNER}, not to ${address}`,
    ]);
  });

  test("whose key is no number of the curve is refused", () => {
    expect(mistakesOf({ ...remote, funder: { key: "0".repeat(64) } })).toEqual([
      "funder: the private key is out of range",
    ]);
  });

  test("whose amount is beyond all ether is refused like every other mistake", () => {
    expect(mistakesOf({ ...remote, limits: { maxFundEth: 1e30 } })).toEqual([
      expect.stringMatching(/^limits\.maxFundEth: /),
    ]);
  });

  test.each([
    [[], "l1.endpoint: wants a URL, or a list of URLs"],
    [8545, "l1.endpoint: wants a URL, or a list of URLs"],
    ["ftp://a", "l1.endpoint: wants a URL such as https://host:port or wss://host:port"],
    [["https://a", "b"], "l1.endpoint[1]: wants a URL such as https://host:port or wss://host:port"],
  ])("whose endpoint is %j is told what belongs there", (endpoint, mistake) => {
    expect(mistakesOf({ ...remote, l1: { endpoint } })).toEqual([mistake]);
  });

  test("that is no object is refused", () => {
    expect(mistakesOf([1, 2])).toEqual([expect.stringMatching(/^the file: /)]);
  });
});
