import { getAddress, ZeroAddress } from "ethers";
import { beforeEach, describe, expect, test } from "vitest";
import { perChain } from "../../../stress/engine/base/chain.ts";
import { Node } from "../../../stress/engine/rpc/index.ts";
import { opStack } from "../../../stress/protocols/op-stack/index.ts";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";
import { PREDEPLOYS } from "../../../stress/protocols/op-stack/predeploys.ts";
import known from "../../../stress/protocols/op-stack/known-chains.json" with { type: "json" };
import { knownChains } from "../../../tools/known-chains.ts";
import { FakeChain, nodeError } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";

const [MESSENGER, BRIDGE, PORTAL, CONFIG, FACTORY, ORACLE, REGISTRY] = [1, 2, 3, 4, 5, 6, 7].map((number) =>
  addressOf(600 + number),
) as [string, string, string, string, string, string, string];

/** What getters of contracts answer, by contract: an address or a number. */
type Getters = Record<string, Record<string, unknown>>;

let chains: { 1: FakeChain; 2: FakeChain };
let getters: { 1: Getters; 2: Getters };

const ALL = [
  ABI.CrossDomainMessenger,
  ABI.OptimismMintableERC20,
  ABI.OptimismPortal,
  ABI.StandardBridge,
  ABI.SystemConfig,
  ABI.Teleportation,
];

beforeEach(() => {
  chains = perChain(() => new FakeChain());
  getters = {
    1: {
      [MESSENGER]: { portal: PORTAL, otherMessenger: PREDEPLOYS.messenger },
      [BRIDGE]: { otherBridge: PREDEPLOYS.standardBridge },
      [PORTAL]: { systemConfig: CONFIG, disputeGameFactory: FACTORY },
      [CONFIG]: { optimismPortal: PORTAL },
    },
    2: {
      [PREDEPLOYS.messenger]: { otherMessenger: MESSENGER },
      [PREDEPLOYS.standardBridge]: { otherBridge: BRIDGE },
    },
  };
  chains[1].answer("eth_chainId", () => "0x384");
  chains[2].answer("eth_chainId", () => "0x385");
  for (const chain of [1, 2] as const) {
    chains[chain].answer("eth_call", (call) => {
      const { to, data } = call as { to: string; data: string };
      for (const abi of ALL) {
        const name = abi.getFunction(data.slice(0, 10))?.name ?? "";
        const answer = getters[chain][getAddress(to)]?.[name];
        if (answer !== undefined) return abi.encodeFunctionResult(name, [answer]);
      }
      throw nodeError("execution reverted", 3);
    });
  }
});

const discover = (picked: Readonly<Record<string, string>> = {}) =>
  opStack.discover?.(
    perChain((chain) => new Node(chains[chain])),
    picked,
  );

const base = { l1Messenger: MESSENGER, l1Bridge: BRIDGE, portal: PORTAL, systemConfig: CONFIG };

describe("contracts that viem/chains publishes", () => {
  /** Base Sepolia's portal, as it was published when this was written. */
  const PUBLISHED = "0x49f53e41452C74589E85cA1677426Ba426459e85";

  test("are written down as viem has them: npm run known-chains does it again", () => {
    expect(known).toEqual(knownChains());
    expect(getAddress(known["11155111"]["84532"].portal)).toBe(PUBLISHED);
  });

  test("are warned of where the chains answer otherwise, each with both addresses; the chains' own are used", async () => {
    chains[1].answer("eth_chainId", () => "0xaa36a7");
    chains[2].answer("eth_chainId", () => "0x14a34");
    const found = await discover();
    if (found === undefined || !("warnings" in found)) throw new Error("they are a pair");
    expect(found.addresses).toMatchObject({ portal: PORTAL });
    expect(found.warnings.join("\n")).toMatch(
      new RegExp(
        `the portal of chain 84532 is ${PORTAL} by the chains themselves.*, and ${PUBLISHED} by viem/chains`,
      ),
    );
    // Neither what is not published of it, nor what this generation has none of.
    expect(found.warnings).toHaveLength(3);
  });

  test("are not warned of on another L1, nor of a chain that nobody published", async () => {
    chains[2].answer("eth_chainId", () => "0x14a34");
    expect(await discover()).toMatchObject({ warnings: [] });
  });
});

describe("a pair of chains tells its contracts", () => {
  test("with games", async () => {
    expect(await discover()).toEqual({ addresses: { ...base, factory: FACTORY }, warnings: [] });
  });

  test("with games and a registry", async () => {
    getters[1][PORTAL] = { ...getters[1][PORTAL], anchorStateRegistry: REGISTRY };
    expect(await discover()).toEqual({
      addresses: { ...base, factory: FACTORY, registry: REGISTRY },
      warnings: [],
    });
  });

  test("with an oracle", async () => {
    getters[1][PORTAL] = { systemConfig: CONFIG, l2Oracle: ORACLE };
    expect(await discover()).toEqual({ addresses: { ...base, oracle: ORACLE }, warnings: [] });
  });

  test("beside what only a list tells", async () => {
    const listed = { Proxy__L1Teleportation: addressOf(9), Proxy__L2Teleportation: addressOf(10) };
    const picked = opStack.pick(listed);
    expect(picked).toEqual({ addresses: { l1Teleportation: addressOf(9), l2Teleportation: addressOf(10) } });
  });
});

describe("what is no pair is told", () => {
  test.each<[string, (all: { 1: Getters; 2: Getters }) => void, RegExp]>([
    ["an L2 of another kind", (all) => void (all[2] = {}), /names no messenger on L1: it is no OP Stack/],
    ["an L1 that is another chain", (all) => void (all[1] = {}), /names no portal there: is l1 the right/],
    [
      "a portal of neither generation",
      (all) => void (all[1][PORTAL] = { systemConfig: CONFIG, disputeGameFactory: ZeroAddress }),
      /neither a factory of dispute games nor an oracle/,
    ],
    [
      "a messenger that names another",
      (all) => void (all[1][MESSENGER] = { portal: PORTAL, otherMessenger: addressOf(66) }),
      /L1's messenger .* names .*, not 0x4200000000000000000000000000000000000007/,
    ],
    [
      "a configuration of another portal",
      (all) => void (all[1][CONFIG] = { optimismPortal: addressOf(67) }),
      /the system configuration .* names/,
    ],
    [
      "a configuration of another chain",
      (all) => void (all[1][CONFIG] = { optimismPortal: PORTAL, l2ChainId: 10 }),
      /is of chain 10, and L2 is chain 901/,
    ],
  ])("%s", async (_, change, words) => {
    change(getters);
    const found = (await discover()) as { mistakes: readonly string[] };
    expect(found.mistakes.join("; ")).toMatch(words);
  });

  test("a list that names half of a pair, or no address", () => {
    expect(opStack.pick({ Proxy__L1Teleportation: addressOf(9) })).toEqual({
      mistakes: ["Proxy__L1Teleportation is listed without the other chain's"],
    });
    expect(opStack.pick({ L1ERC20: "0x12", L2ERC20: addressOf(9) })).toEqual({
      mistakes: [
        "L1ERC20 is no address, or its checksum is wrong",
        "L2ERC20 is listed without the other chain's",
      ],
    });
  });
});

describe("what only a list tells", () => {
  const [FAST_1, FAST_2, TOKEN_1, TOKEN_2, OTHER] = [21, 22, 23, 24, 25].map((number) =>
    addressOf(600 + number),
  ) as [string, string, string, string, string];
  const picked = { l1Teleportation: FAST_1, l2Teleportation: FAST_2, l1Token: TOKEN_1, l2Token: TOKEN_2 };

  beforeEach(() => {
    getters[1][FAST_1] = { disburser: OTHER };
    getters[2][FAST_2] = { disburser: OTHER };
    getters[2][TOKEN_2] = { l1Token: TOKEN_1 };
  });

  test("is taken where the chains have it", async () => {
    expect(await discover(picked)).toEqual({
      addresses: { ...base, factory: FACTORY, ...picked },
      warnings: [],
    });
  });

  test("is told where it is something else", async () => {
    getters[1][FAST_1] = {};
    getters[2][FAST_2] = {};
    getters[2][TOKEN_2] = {};
    expect(await discover(picked)).toEqual({
      mistakes: [
        `Proxy__L1Teleportation ${FAST_1} is no fast bridge on L1`,
        `Proxy__L2Teleportation ${FAST_2} is no fast bridge on L2`,
        `L2ERC20 ${TOKEN_2} is no token that the standard bridge mints`,
      ],
    });
  });

  test("is told where L2's token is another one's twin", async () => {
    getters[2][TOKEN_2] = { l1Token: OTHER };
    expect(await discover(picked)).toEqual({
      mistakes: [`L2ERC20 ${TOKEN_2} is the twin of ${OTHER}, and L1ERC20 is ${TOKEN_1}`],
    });
  });
});
