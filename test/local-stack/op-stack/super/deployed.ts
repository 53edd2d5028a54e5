import { concat, keccak256, toBeHex, toQuantity, ZeroHash } from "ethers";
import { abiOf, artifact } from "../../../../fixtures/local-stack/op-stack/artifacts.ts";
import { Genesis } from "../../../../fixtures/local-stack/op-stack/genesis.ts";
import { Proxies } from "../../../../fixtures/local-stack/op-stack/l1-contracts.ts";
import type { DeployedRollup } from "../../../../fixtures/local-stack/op-stack/rollup.ts";
import { stackSettings } from "../../../../fixtures/local-stack/op-stack/settings.ts";
import { type StandIns, standIns } from "../../../../fixtures/local-stack/op-stack/super/contracts.ts";
import { deploySuper } from "../../../../fixtures/local-stack/op-stack/super/deploy.ts";
import { superRootOf } from "../../../../fixtures/local-stack/op-stack/super/super-root.ts";
import { PREDEPLOYS } from "../../../../fixtures/local-stack/op-stack/predeploys.ts";
import { type LocalChain, startChains } from "../../../../fixtures/local-stack/chains.ts";
import type { PerChain } from "../../../../stress/engine/base/index.ts";
import { z } from "zod";
import { Calls, mine } from "./calls.ts";

/** Seconds: distinct, and long beside what a slow machine takes for a test, as the chain's clock goes with the machine's. */
export const DELAYS = { proofMaturityDelay: 200_000, finalityDelay: 20_000, gameClock: 50_000 } as const;

/** Seconds by which tests are before or after a delay's end. */
export const MARGIN = 5000;

/** A withdrawal as the portal takes it. */
export interface Withdrawal {
  readonly nonce: bigint;
  readonly sender: string;
  readonly target: string;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly data: string;
}

/** An L2 block, as proofs are by it. */
export interface Output {
  readonly root: string;
  readonly time: number;
  readonly proof: readonly string[];
}

/** What proving takes beside the withdrawal. */
export interface Proof {
  readonly game: number;
  readonly output: readonly string[];
  readonly branch: readonly string[];
}

/** A game that was created. */
export interface Game {
  readonly index: number;
  readonly address: string;
}

const proven = z.object({
  storageHash: z.string(),
  storageProof: z.array(z.object({ proof: z.array(z.string()) })),
});
const header = z.object({ hash: z.string(), stateRoot: z.string(), timestamp: z.string() });

const PASSER = abiOf("L2ToL1MessagePasser");

/** The generation's contracts on an L1 whose clock stands still unless it is moved, and an L2 that has the message passer. */
export class Deployed extends Calls {
  readonly chains: PerChain<LocalChain>;
  readonly rollup: DeployedRollup;
  readonly roles: {
    readonly proposer: string;
    readonly guardian: string;
    readonly user: string;
    readonly other: string;
  };

  private constructor(
    chains: PerChain<LocalChain>,
    rollup: DeployedRollup,
    contracts: StandIns,
    roles: Deployed["roles"],
  ) {
    super(chains[1], contracts);
    this.chains = chains;
    this.rollup = rollup;
    this.roles = roles;
  }

  static async open(): Promise<Deployed> {
    const chains = await startChains({});
    const role = async (name: string) => (await chains[1].roleAccount(name)).address;
    const roles = {
      proposer: await role("proposer"),
      guardian: await role("guardian"),
      user: await role("user"),
      other: await role("other"),
    };
    const genesis = await Genesis.open(chains[1]);
    const proxies = await Proxies.create(genesis);
    const settings = stackSettings.parse({ generation: "super", ...DELAYS });
    const rollup = await deploySuper({ chains, genesis, proxies, roles, settings });
    await genesis.mine();
    // Games of the registry's first second are retired, and those of the anchor's time are not later.
    await chains[1].helpers.time.increase(1);
    await chains[2].helpers.time.increase(1);
    await chains[2].helpers.setCode(
      PREDEPLOYS.messagePasser,
      artifact("L2ToL1MessagePasser").deployedBytecode,
    );
    return new Deployed(chains, rollup, await standIns(), roles);
  }

  async close(): Promise<void> {
    await this.chains[1].close();
    await this.chains[2].close();
  }

  get portal(): string {
    return this.rollup.at.portal;
  }

  /** The address of a contract of the generation. */
  at(name: "DisputeGameFactory" | "AnchorStateRegistry"): string {
    const address = this.rollup.beside[name];
    if (address === undefined) throw new Error(`no ${name}`);
    return address;
  }

  snapshot() {
    return this.chains[1].helpers.takeSnapshot();
  }

  /** A real portal of the generation before, for this bridge's configuration. */
  async realPortal(): Promise<string> {
    const genesis = await Genesis.open(this.chains[1]);
    const proxies = await Proxies.create(genesis);
    const portal = await proxies.deploy();
    const { systemConfig, superchainConfig } = this.rollup.at;
    const args = [this.at("DisputeGameFactory"), systemConfig, superchainConfig, 1];
    await proxies.install(portal, "OptimismPortal2", args, [1, 1]);
    await genesis.mine();
    return portal;
  }

  /** Moves L1's clock on and mines a block. */
  async pass(seconds: number): Promise<void> {
    await this.chains[1].helpers.time.increase(seconds);
  }

  /** Has the whole bridge paused, or go on. */
  async pause(isPaused: boolean): Promise<void> {
    const { superchainConfig } = this.rollup.at;
    const [method, args] = isPaused ? (["pause", [""]] as const) : (["unpause", []] as const);
    await this.sendRaw(
      this.roles.guardian,
      superchainConfig,
      abiOf("SuperchainConfig").encodeFunctionData(method, args),
    );
  }

  /** Withdraws ETH on L2 to an account of L1, and tells the withdrawal. */
  async withdraw(target: string, value: bigint, data = "0x"): Promise<Withdrawal> {
    const sender = await this.chains[2].roleAccount("withdrawer");
    const gasLimit = 400_000n;
    const initiate = PASSER.encodeFunctionData("initiateWithdrawal", [target, gasLimit, data]);
    const call = {
      from: sender.address,
      to: PREDEPLOYS.messagePasser,
      data: initiate,
      value: toQuantity(value),
    };
    const { logs } = await mine(this.chains[2], { ...call, gas: toQuantity(500_000) });
    const [event] = logs.flatMap((log) => PASSER.parseLog(log) ?? []);
    return { nonce: BigInt(event?.args[0]), sender: sender.address, target, value, gasLimit, data };
  }

  /** Where L2's message passer notes that a withdrawal was sent. */
  slotOf(hash: string): string {
    return keccak256(concat([hash, ZeroHash]));
  }

  /** The output of L2's head, and the branch that shows a withdrawal in it. */
  async output(hash: string): Promise<Output & { readonly branch: readonly string[] }> {
    const { provider } = this.chains[2];
    const block = header.parse(
      await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] }),
    );
    const params = [PREDEPLOYS.messagePasser, [this.slotOf(hash)], "latest"];
    const { storageHash, storageProof } = proven.parse(
      await provider.request({ method: "eth_getProof", params }),
    );
    const proof = [ZeroHash, block.stateRoot, storageHash, block.hash];
    const root = keccak256(concat(proof));
    return { root, time: Number(block.timestamp), proof, branch: storageProof[0]?.proof ?? [] };
  }

  /** Proposes a super root of this chain and one other. */
  async propose(
    type: 5 | 9,
    { root, time }: Pick<Output, "root" | "time">,
    chainId = this.chains[2].chainId,
  ): Promise<Game> {
    const outputs = [
      { chainId, outputRoot: root },
      { chainId: 10, outputRoot: toBeHex(1, 32) },
    ];
    const claim = superRootOf(time, outputs);
    const factory = this.at("DisputeGameFactory");
    await this.send(this.roles.proposer, factory, "DisputeGameFactory", "create", [
      type,
      claim.root,
      claim.encoded,
    ]);
    const [count] = await this.read(factory, "DisputeGameFactory", "gameCount");
    const index = Number(count) - 1;
    const [, , address] = await this.read(factory, "DisputeGameFactory", "gameAtIndex", [index]);
    return { index, address: String(address) };
  }

  /** Resolves a game of type 9 once its clock has run out. The claims besides the root's come first. */
  async resolve({ address }: Game, claims: readonly number[] = [0]): Promise<void> {
    await this.pass(DELAYS.gameClock + MARGIN);
    const { proposer } = this.roles;
    for (const claim of claims)
      await this.send(proposer, address, "SuperFaultDisputeGame", "resolveClaim", [claim, 0]);
    await this.send(proposer, address, "SuperFaultDisputeGame", "resolve");
  }

  /** What the portal says to this proof; undefined: it takes it. */
  proofRefusal(withdrawal: Withdrawal, { game, output, branch }: Proof): Promise<string | undefined> {
    const args = [withdrawal, game, output, branch];
    return this.refusal(this.roles.user, this.portal, "OptimismPortal2", "proveWithdrawalTransaction", args);
  }

  async prove(withdrawal: Withdrawal, { game, output, branch }: Proof, by = this.roles.user): Promise<void> {
    const args = [withdrawal, game, output, branch];
    await this.send(by, this.portal, "OptimismPortal2", "proveWithdrawalTransaction", args);
  }

  finalizeRefusal(withdrawal: Withdrawal, by = this.roles.user): Promise<string | undefined> {
    return this.refusal(by, this.portal, "OptimismPortal2", "finalizeWithdrawalTransaction", [withdrawal]);
  }

  async finalize(withdrawal: Withdrawal, by = this.roles.user): Promise<void> {
    await this.send(by, this.portal, "OptimismPortal2", "finalizeWithdrawalTransaction", [withdrawal]);
  }
}
