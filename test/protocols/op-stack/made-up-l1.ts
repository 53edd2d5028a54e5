import { concat, id, type Interface, keccak256, toBeHex, toQuantity, ZeroAddress, ZeroHash } from "ethers";
import { perChain } from "../../../stress/engine/base/chain.ts";
import { Node } from "../../../stress/engine/rpc/index.ts";
import type { Patience } from "../../../stress/protocols/protocol.ts";
import { ABI, Contracts } from "../../../stress/protocols/op-stack/contracts.ts";
import { Withdrawals } from "../../../stress/protocols/op-stack/withdrawals/withdrawals.ts";
import { FakeChain, nodeError } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { contracts } from "./made-up.ts";

/** A dispute game of a test. */
export interface MadeUpGame {
  readonly type: number;
  /** Unix seconds. */
  readonly createdAt: number;
  /** The L2 block, or the time, that it is about. */
  readonly at: number;
  /** What it claims; by default what is so. */
  readonly root?: string;
  readonly extraData?: string;
  status?: number;
  isBlacklisted?: boolean;
  isRetired?: boolean;
  /** Whether its type was respected when it was made. */
  wasRespected?: boolean;
}

/** An output of a test's oracle. */
export interface MadeUpOutput {
  readonly block: number;
  readonly proposedAt: number;
  root?: string;
}

const REGISTRY = addressOf(540);
const ORACLE = addressOf(541);

export const gameAddress = (index: number): string => addressOf(550 + index);

export const stateRootOf = (block: number): string => id(`state ${block}`);
const storageRootOf = (block: number): string => id(`storage ${block}`);
const blockHashOf = (block: number): string => id(`L2 block ${block}`);

/** The output root of an L2 block: what a proposal of it has to claim. */
export const outputRootOf = (block: number): string =>
  keccak256(concat([ZeroHash, stateRootOf(block), storageRootOf(block), blockHashOf(block)]));

type Answers = Readonly<Record<string, (...args: readonly string[]) => unknown>>;

/** L1's contracts of a generation and L2's state, as a test has them. Times in Unix seconds. */
export class MadeUpRollup {
  readonly games: MadeUpGame[] = [];
  readonly outputs: MadeUpOutput[] = [];
  now = 1000;
  respected = 1;
  respectedSince = 0;
  isPaused = false;
  /** Whether the portal takes proofs in super roots, as only some of version 4 do. */
  provesSuperRoots = false;
  isFinalised = false;
  /** What the portal keeps of a proof. */
  proven: { readonly game: number; readonly at: number } | undefined;
  provenOutput: { readonly root: string; readonly index: number; readonly at: number } | undefined;
  maturity = 10;
  finality = 5;
  /** L2's blocks' times, by number. */
  times: readonly number[] = Array.from({ length: 101 }, (_, block) => block);
  readonly warnings: string[] = [];
  readonly chains = perChain(() => new FakeChain());
  readonly #kind: "outputs" | "games" | "registry";

  constructor(kind: "outputs" | "games" | "registry") {
    this.#kind = kind;
    this.chains[1].answer("eth_call", (call) => this.#answer(call as { to: string; data: string }));
    this.chains[1].answer("eth_getBlockByNumber", () => ({ timestamp: toQuantity(this.now) }));
    this.chains[2].answer("eth_blockNumber", () => toQuantity(this.times.length - 1));
    this.chains[2].answer("eth_chainId", () => toQuantity(901));
    this.chains[2].answer("eth_getBlockByNumber", (number) => this.#header(Number(number)));
    this.chains[2].answer("eth_getProof", (_address, slots, block) => ({
      storageHash: storageRootOf(Number(block)),
      storageProof: (slots as readonly string[]).map(() => ({ proof: ["0xc0"] })),
    }));
  }

  open(patience?: Patience): Promise<Withdrawals> {
    const { addresses } = contracts;
    return Withdrawals.open({
      nodes: perChain((chain) => new Node(this.chains[chain])),
      contracts: new Contracts({
        ...addresses,
        factory: this.#kind === "outputs" ? undefined : addresses.factory,
        oracle: this.#kind === "outputs" ? ORACLE : undefined,
        registry: this.#kind === "registry" ? REGISTRY : undefined,
      }),
      clock: new FakeClock(),
      patience,
      warn: (line) => void this.warnings.push(line),
    });
  }

  #header(number: number): unknown {
    const timestamp = this.times[number];
    if (timestamp === undefined) return null;
    return { hash: blockHashOf(number), stateRoot: stateRootOf(number), timestamp: toQuantity(timestamp) };
  }

  #answer({ to, data }: { readonly to: string; readonly data: string }): string {
    const game = this.games.findIndex((_, index) => gameAddress(index) === to);
    if (to === contracts.portal) return this.#portal(data);
    if (to === contracts.addresses.factory) return answered(ABI.DisputeGameFactory, data, this.#factory());
    if (to === REGISTRY) return answered(ABI.AnchorStateRegistry, data, this.#registry());
    if (to === ORACLE) return answered(ABI.L2OutputOracle, data, this.#oracle());
    return answered(ABI.DisputeGame, data, game < 0 ? {} : this.#game(game));
  }

  #portal(data: string): string {
    const abi = this.#kind === "outputs" ? ABI.ProvenOutputs : ABI.ProvenGames;
    if (abi.parseTransaction({ data }) !== null) return answered(abi, data, this.#proofs());
    const isFinalisable = this.proven !== undefined && this.#isOver();
    return answered(ABI.OptimismPortal, data, {
      finalizedWithdrawals: () => [this.isFinalised],
      paused: () => [this.isPaused],
      ...(this.provesSuperRoots ? { superRootsActive: () => [true] } : {}),
      respectedGameType: () => [this.respected],
      respectedGameTypeUpdatedAt: () => [this.respectedSince],
      disputeGameBlacklist: (game) => [this.#at(game).isBlacklisted === true],
      proofMaturityDelaySeconds: () => [this.maturity],
      disputeGameFinalityDelaySeconds: () => [this.finality],
      ...(isFinalisable ? { "checkWithdrawal(bytes32,address)": () => [] } : {}),
    });
  }

  #isOver(): boolean {
    const { proven } = this;
    return (
      proven !== undefined && this.now > proven.at + this.maturity && this.games[proven.game]?.status === 2
    );
  }

  #proofs(): Answers {
    const { proven, provenOutput } = this;
    if (this.#kind === "outputs") {
      const { root = ZeroHash, at = 0, index = 0 } = provenOutput ?? {};
      return { provenWithdrawals: () => [root, at, index] };
    }
    const game = proven === undefined ? ZeroAddress : gameAddress(proven.game);
    return { "provenWithdrawals(bytes32,address)": () => [game, proven?.at ?? 0] };
  }

  #factory(): Answers {
    return {
      gameCount: () => [this.games.length],
      gameAtIndex: (index) => {
        const { type = 0, createdAt = 0 } = this.games[Number(index)] ?? {};
        return [type, createdAt, gameAddress(Number(index))];
      },
    };
  }

  #registry(): Answers {
    const proper = (game: string): boolean => {
      const { isBlacklisted = false, isRetired = false } = this.#at(game);
      return !isBlacklisted && !isRetired && !this.isPaused;
    };
    return {
      isGameProper: (game) => [proper(game)],
      isGameRespected: (game) => [this.#at(game).wasRespected !== false],
    };
  }

  #oracle(): Answers {
    const latest = this.outputs.at(-1)?.block ?? 0;
    return {
      latestBlockNumber: () => [latest],
      finalizationPeriodSeconds: () => [this.maturity],
      getL2OutputIndexAfter: (block) => [this.outputs.findIndex((one) => one.block >= Number(block))],
      getL2Output: (index) => {
        const output = this.outputs[Number(index)];
        if (output === undefined) throw reverted();
        return [[output.root ?? outputRootOf(output.block), output.proposedAt, output.block]];
      },
    };
  }

  #game(index: number): Answers {
    const {
      type,
      createdAt,
      at,
      root,
      extraData = toBeHex(at, 32),
      status = 0,
    } = this.#at(gameAddress(index));
    const isByTime = [4, 5, 7, 9].includes(type);
    const block = isByTime ? this.times.findLastIndex((time) => time <= at) : at;
    const claim = root ?? outputRootOf(block);
    return {
      gameType: () => [type],
      status: () => [status],
      createdAt: () => [createdAt],
      extraData: () => [extraData],
      maxClockDuration: () => [7],
      rootClaim: () => [this.provesSuperRoots ? keccak256(extraData) : isByTime ? id("super root") : claim],
      ...(isByTime && !this.provesSuperRoots
        ? { rootClaimByChainId: (chain: string) => [chain === "901" ? claim : ZeroHash] }
        : {}),
      ...(this.#kind === "registry" ? { l2SequenceNumber: () => [at] } : { l2BlockNumber: () => [at] }),
    };
  }

  #at(address: string): MadeUpGame {
    const game = this.games.find((_, index) => gameAddress(index) === address);
    if (game === undefined) throw reverted();
    return game;
  }
}

const reverted = (): Error => nodeError("execution reverted", 3);

/** Answers a call by the function's name, or by its signature where it has several forms. What is missing reverts. */
function answered(abi: Interface, data: string, answers: Answers): string {
  const call = abi.parseTransaction({ data });
  if (call === null) throw reverted();
  const answer = answers[call.signature] ?? answers[call.name];
  if (answer === undefined) throw reverted();
  return abi.encodeFunctionResult(call.fragment, answer(...call.args.toArray().map(String)) as unknown[]);
}
