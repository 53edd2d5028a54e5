import { Contract } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalChain } from "../../../fixtures/local-stack/chains.ts";
import { bedrockArtifact, deploy, send } from "../../../fixtures/local-stack/op-stack/genesis-calls.ts";
import { deployToken } from "../../../fixtures/local-stack/op-stack/token.ts";
import type { Chain, PerChain } from "../../../stress/engine/base/chain.ts";
import { openTwoChains } from "./two-chains.ts";

const FACTORY = "0x4200000000000000000000000000000000000012";
const L2_BRIDGE = "0x4200000000000000000000000000000000000010";
const EACH = 10n ** 24n;

let chains: PerChain<LocalChain>;
let l1Bridge: string;
let tokens: PerChain<string>;

/** As much of an OP Stack as a token needs: the bridge on L1, and L2's factory at its place. */
beforeAll(async () => {
  chains = await openTwoChains();
  const deployer = await chains[1].roleAccount("deployer");
  l1Bridge = await deploy(bedrockArtifact("L1StandardBridge"), deployer);
  const factory = bedrockArtifact("OptimismMintableERC20Factory");
  await chains[2].helpers.setCode(FACTORY, factory.deployedBytecode);
  const onL2 = await chains[2].roleAccount("deployer");
  await send(new Contract(FACTORY, factory.abi, onL2), "initialize", L2_BRIDGE);
  tokens = await deployToken(chains, l1Bridge);
});

afterAll(() => Promise.all([chains[1].close(), chains[2].close()]));

const read = async (chain: Chain, name: string, address: string, method: string, ...args: string[]) => {
  const [artifact, file] = name === "TestERC20" ? ["TestERC20.0.8.15", name] : [name, name];
  const contract = new Contract(address, bedrockArtifact(artifact ?? name, file).abi, chains[chain].ethers);
  const answer: unknown = await contract.getFunction(method).staticCall(...args);
  return answer;
};

test("each test account has tokens on both chains", async () => {
  const holders: unknown = await chains[2].ethers.send("eth_accounts", []);
  expect(holders).toHaveLength(20);
  for (const holder of holders as string[]) {
    expect(await read(1, "TestERC20", tokens[1], "balanceOf", holder)).toBe(EACH);
    expect(await read(2, "OptimismMintableERC20", tokens[2], "balanceOf", holder)).toBe(EACH);
  }
});

test("those on L2 are covered by deposits of the bridge on L1", async () => {
  const supply = await read(2, "OptimismMintableERC20", tokens[2], "totalSupply");
  expect(supply).toBe(20n * EACH);
  expect(await read(1, "L1StandardBridge", l1Bridge, "deposits", tokens[1], tokens[2])).toBe(supply);
  expect(await read(1, "TestERC20", tokens[1], "balanceOf", l1Bridge)).toBe(supply);
});

test("L2's token is the factory's twin of L1's, which its bridge alone mints", async () => {
  expect(await read(2, "OptimismMintableERC20", tokens[2], "REMOTE_TOKEN")).toBe(tokens[1]);
  expect(await read(2, "OptimismMintableERC20", tokens[2], "BRIDGE")).toBe(L2_BRIDGE);
});

test("the bridge on L2 has no more ETH than before", async () => {
  expect(await chains[2].ethers.getBalance(L2_BRIDGE)).toBe(0n);
});
