import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalChain } from "../../../fixtures/local-stack/chains.ts";
import { abiOf } from "../../../fixtures/local-stack/op-stack/artifacts.ts";
import { deployRollup } from "../../../fixtures/local-stack/op-stack/deploy.ts";
import { PREDEPLOYS } from "../../../fixtures/local-stack/op-stack/predeploys.ts";
import { read } from "../../../fixtures/local-stack/op-stack/read.ts";
import { stackSettings } from "../../../fixtures/local-stack/op-stack/settings.ts";
import { deployToken } from "../../../fixtures/local-stack/op-stack/token.ts";
import type { Chain, PerChain } from "../../../stress/engine/base/chain.ts";
import { openTwoChains } from "./two-chains.ts";

const EACH = 10n ** 24n;

let chains: PerChain<LocalChain>;
let l1Bridge: string;
let tokens: PerChain<string>;

beforeAll(async () => {
  chains = await openTwoChains();
  const { address: proposer } = await chains[1].roleAccount("proposer");
  const roles = { proposer, guardian: proposer };
  const rollup = await deployRollup(chains, roles, stackSettings.parse({ generation: "oracle" }));
  l1Bridge = rollup.at.bridge;
  tokens = await deployToken(chains, l1Bridge);
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

/** What the token of a chain answers. */
const ofToken = async (chain: Chain, method: string, ...args: string[]): Promise<unknown> =>
  (await read(chains[chain], tokens[chain], abiOf("OptimismMintableERC20"), method, args))[0];

test("each test account has tokens on both chains", async () => {
  const holders: unknown = await chains[2].ethers.send("eth_accounts", []);
  expect(holders).toHaveLength(20);
  for (const holder of holders as string[]) {
    expect(await ofToken(1, "balanceOf", holder)).toBe(EACH);
    expect(await ofToken(2, "balanceOf", holder)).toBe(EACH);
  }
});

test("those on L2 are covered by deposits of the bridge on L1", async () => {
  const supply = await ofToken(2, "totalSupply");
  expect(supply).toBe(20n * EACH);
  expect(
    (await read(chains[1], l1Bridge, abiOf("L1StandardBridge"), "deposits", [tokens[1], tokens[2]]))[0],
  ).toBe(supply);
  expect(await ofToken(1, "balanceOf", l1Bridge)).toBe(supply);
});

test("L2's token is the factory's twin of L1's, which its bridge alone mints", async () => {
  expect(await ofToken(2, "REMOTE_TOKEN")).toBe(tokens[1]);
  expect(await ofToken(2, "BRIDGE")).toBe(PREDEPLOYS.standardBridge);
});

test("the bridge on L2 has no more ETH than before", async () => {
  expect(await chains[2].ethers.getBalance(PREDEPLOYS.standardBridge)).toBe(0n);
});
