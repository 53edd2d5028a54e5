import { parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import { mistakesOf, HOME, KEY, load, OWNER } from "./mistakes.ts";

/** Every key that formats.md tells of. */
const everyKey = {
  name: "rinkeby",
  endpoints: ["https://rinkeby.infura.io/v3/__INFURA_KEY__", "https://l2.example", "https://replica.example"],
  L1_geth_PoA: true,
  confirmations: [3, 1],
  start_chain: 2,
  op_pct: [
    [5, 20, 10, 0, 0],
    [6, 21, 11, 0, 0],
  ],
  op_delay: 0.5,
  gas_price_gwei: [20, 1.5],
  gas_mult: [1.5, 1.1],
  funder_acct: [OWNER, KEY],
  max_fund_eth: 2.5,
  addresses: { Proxy__L1LiquidityPool: "0x0000000000000000000000000000000000000001" },
  address_file: "addresses.json",
  address_server: "https://addresses.example",
  ng_enabled: false,
  l1_agent_acct: ["", ""],
  l2_agent_acct: ["", ""],
  address_manager_address: "",
};

const env = { INFURA_KEY: "secret" };

const least = {
  name: "old",
  endpoints: ["http://localhost:9545", "http://localhost:8545"],
  op_pct: everyKey.op_pct,
  funder_acct: [OWNER, KEY],
  max_fund_eth: 10,
  address_server: "http://localhost:8080",
};

describe("the predecessor's target file", () => {
  test("loads with every key it can have", () => {
    expect(load(everyKey, env)).toEqual({
      name: "rinkeby",
      protocol: "ovm2",
      place: {
        kind: "endpoints",
        addresses: { from: "inline", addresses: everyKey.addresses },
        chains: {
          1: {
            endpoints: ["https://rinkeby.infura.io/v3/secret"],
            chainId: undefined,
            confirmations: 3,
            gasMultiplier: 1.5,
            batchGasPriceGwei: 20,
          },
          2: {
            endpoints: ["https://l2.example"],
            chainId: undefined,
            confirmations: 1,
            gasMultiplier: 1.1,
            batchGasPriceGwei: 1.5,
          },
        },
      },
      funder: { address: OWNER, key: KEY },
      startChain: 2,
      shares: { 1: { AL: 5, RL: 5, FO: 20, SO: 10 }, 2: { AL: 6, RL: 6, FX: 21, SX: 11 } },
      dispatchInterval: 500,
      statisticsEvery: 30_000,
      allowMainnet: false,
      leaveWithdrawals: false,
      limits: {
        maxFund: parseEther("2.5"),
        toleratedFailures: 0,
        slowAfter: 600_000,
        stuckAfter: 1_800_000,
        giveUpAfter: 2_700_000,
        endpointDeadAfter: 60_000,
      },
      funding: {
        minimumBalance: parseEther("0.025"),
        perChild: parseEther("0.5"),
        batch: 500,
        bridge: { poolMinimumEth: 11 },
      },
    });
  });

  test("loads without its optional keys", () => {
    expect(load(least)).toMatchObject({ name: "old", startChain: 0, dispatchInterval: 0 });
  });

  test("loads where the third endpoint, a replica, is given", () => {
    expect(load({ ...least, endpoints: [...least.endpoints, "http://localhost:8546"] }).name).toBe("old");
  });

  test("may give the funder's key without 0x and its address in lower case", () => {
    const funder_acct = [OWNER.toLowerCase(), KEY.slice(2)];
    expect(load({ ...least, funder_acct }).funder).toEqual({ address: OWNER, key: KEY });
  });

  test("takes addresses from its file where that is given, seen from its folder", () => {
    const { address_server: _, ...rest } = least;
    const { place } = load({ ...rest, address_file: "list.json" });
    expect(place).toMatchObject({ addresses: { from: "file", path: `${HOME}/list.json` } });
  });

  test("takes addresses from its server where that is given", () => {
    expect(load(least).place).toMatchObject({ addresses: { from: "server", url: "http://localhost:8080" } });
  });

  test("waits op_delay seconds, as milliseconds", () => {
    expect(load({ ...least, op_delay: 2 }).dispatchInterval).toBe(2000);
  });

  test("loads where its addresses have maps of tokens beside the contracts, and where it names a second server", () => {
    const addresses = {
      ...everyKey.addresses,
      TOKENS: {
        BOBA: {
          L1: "0x0000000000000000000000000000000000000002",
          L2: "0x00000000000000000000000000000000000003",
        },
      },
      NFTs: {},
    };
    const { place } = load({ ...least, addresses, address_server_2: "https://second.example" });
    expect(place).toMatchObject({ addresses: { from: "inline", addresses: everyKey.addresses } });
  });

  test("has __INFURA_KEY__ filled in inside of a text, wherever it stands", () => {
    const address_server = "https://__INFURA_KEY__/a/__INFURA_KEY__";
    expect(load({ ...least, address_server }, env).place).toMatchObject({
      addresses: { url: "https://secret/a/secret" },
    });
  });
});

describe("the predecessor's target file is refused", () => {
  test("where it enables the unreleased prototype", () => {
    expect(mistakesOf({ ...least, ng_enabled: true })).toEqual([
      expect.stringMatching(/^ng_enabled: .*never released/),
    ]);
  });

  test.each([
    [0, 3],
    [0, 4],
    [1, 3],
    [1, 4],
  ])("where op_pct[%i][%i], a share of the unreleased protocol, is not 0", (row, column) => {
    const op_pct = least.op_pct.map((shares) => [...shares]);
    const shares = op_pct[row] ?? [];
    shares[column] = 1;
    expect(mistakesOf({ ...least, op_pct })).toEqual([
      expect.stringMatching(new RegExp(`^op_pct\\[${row}\\]\\[${column}\\]: `)),
    ]);
  });

  test("where key and address do not match, by both addresses and never by the key", () => {
    const other = "0x0000000000000000000000000000000000000001";
    const mistakes = mistakesOf({ ...least, funder_acct: [other, KEY] });
    expect(mistakes).toEqual([`funder_acct: the private key belongs to ${OWNER}, not to ${other}`]);
  });

  test("where it names no source of addresses", () => {
    const { address_server: _, ...rest } = least;
    expect(mistakesOf(rest)).toEqual(["addresses: give one of addresses, address_file and address_server"]);
  });

  test("where INFURA_KEY is not set, by its name and once", () => {
    expect(mistakesOf(everyKey)).toEqual([expect.stringMatching(/^endpoints\[0\]: .*INFURA_KEY is not set/)]);
  });

  test("where a key is unknown, with the nearest known one", () => {
    expect(mistakesOf({ ...least, gas_mutl: [1, 1] })).toEqual([
      "gas_mutl: unknown key; did you mean gas_mult?",
    ]);
  });

  test("where an address is neither one nor a map of them", () => {
    const addresses = { Proxy__L1LiquidityPool: 5 };
    expect(mistakesOf({ ...least, addresses })).toEqual([
      "addresses.Proxy__L1LiquidityPool: wants an address, or a map of them",
    ]);
  });

  test("where an endpoint is missing", () => {
    expect(mistakesOf({ ...least, endpoints: ["http://localhost:9545"] })).toEqual([
      expect.stringMatching(/^endpoints/),
    ]);
  });
});
