import { callContract, classifyRpcError, type Node } from "../../../engine/rpc/index.ts";
import { askNumber, askWhether } from "../ask.ts";
import { ABI } from "../contracts.ts";
import type { Game, Games } from "./games.ts";
import { PerBlock } from "./per-block.ts";
import type { Proposal, Proposals, Standing } from "./proposals.ts";
import type { Withdrawal } from "./withdrawal.ts";

/** What games are judged with. */
export interface GameJudges {
  readonly l1: Node;
  readonly portal: string;
  /** Portals from 4.0 on ask it; those before are asked themselves. */
  readonly registry: string | undefined;
  readonly games: Games;
  /** Unix seconds of an L1 block. */
  timeOf(l1Block: number): Promise<number>;
}

/** `GameStatus` of a game that was resolved against its claim. */
const CHALLENGER_WINS = 1n;
const DEFENDER_WINS = 2n;

/** What the portal keeps of a proof. Unix seconds; 0 where there is none. */
interface Proven {
  readonly game: string;
  readonly at: bigint;
}

/** The portal's own rules for games, before 4.0. */
interface Respected {
  readonly type: bigint;
  /** Games made before do not count. Unix seconds. */
  readonly since: bigint;
}

/** Dispute games: portals of version 3 and later. */
export class GameProposals implements Proposals {
  readonly #judges: GameJudges;
  readonly #respected: PerBlock<Respected>;
  #window: Promise<number> | undefined;
  #maturity: Promise<bigint | undefined> | undefined;

  constructor(judges: GameJudges) {
    this.#judges = judges;
    this.#respected = new PerBlock(async (block) => {
      const [type, since] = await Promise.all([
        this.#number("respectedGameType", block),
        this.#number("respectedGameTypeUpdatedAt", block),
      ]);
      return { type: type ?? 0n, since: since ?? 0n };
    });
  }

  #number(method: string, block?: number): Promise<bigint | undefined> {
    const { l1, portal } = this.#judges;
    return askNumber(l1, ABI.OptimismPortal, portal, method, [], block);
  }

  #whether(method: string, args: readonly unknown[], block: number): Promise<boolean> {
    const { l1, portal } = this.#judges;
    return askWhether(l1, ABI.OptimismPortal, portal, method, args, block);
  }

  #game(address: string, method: string, block: number): Promise<bigint | undefined> {
    return askNumber(this.#judges.l1, ABI.DisputeGame, address, method, [], block);
  }

  covering(withdrawal: Withdrawal, l1Block: number): Promise<Proposal | undefined> {
    return this.#judges.games.covering(withdrawal, l1Block, (game, block) => this.#isUsable(game, block));
  }

  async #isUsable({ address, type, createdAt }: Game, block: number): Promise<boolean> {
    // A proof of the game's own second is refused, or taken and good for nothing: an estimate is of the block that is known.
    if (createdAt >= (await this.#judges.timeOf(block))) return false;
    if ((await this.#isRefuted(address, block)) !== undefined) return false;
    const { registry } = this.#judges;
    if (registry !== undefined) return this.#registry("isGameRespected", address, block);
    const respected = await this.#respected.at(block);
    return BigInt(type) === respected.type && BigInt(createdAt) >= respected.since;
  }

  #registry(method: string, game: string, block: number): Promise<boolean> {
    const { l1, registry = "" } = this.#judges;
    return askWhether(l1, ABI.AnchorStateRegistry, registry, method, [game], block);
  }

  /** Why a game is good for no proof any more; undefined where it may be. */
  async #isRefuted(game: string, block: number): Promise<string | undefined> {
    const { registry } = this.#judges;
    if ((await this.#game(game, "status", block)) === CHALLENGER_WINS) return "its challenger won";
    if (registry === undefined)
      return (await this.#whether("disputeGameBlacklist", [game], block)) ? "it is blacklisted" : undefined;
    return (await this.#registry("isGameProper", game, block)) ? undefined : "it is blacklisted or retired";
  }

  async standing(withdrawal: Withdrawal, submitter: string, block: number): Promise<Standing> {
    const { hash } = withdrawal;
    const [finalised, proven] = await Promise.all([
      this.#whether("finalizedWithdrawals", [hash], block),
      this.#proven(hash, submitter, block),
    ]);
    if (finalised) return { at: "finalised" };
    if (proven.at === 0n) return { at: "unproven" };
    const [status, isMature] = await Promise.all([
      this.#game(proven.game, "status", block),
      this.#isMature(proven, block),
    ]);
    // The portal is asked only once it may say yes: its no is a call that reverts.
    if (status === DEFENDER_WINS && isMature && (await this.#isFinalisable(hash, submitter, block)))
      return { at: "finalisable" };
    const why = await this.#vain(proven, block);
    return why === undefined ? { at: "proven" } : { at: "in vain", why: `game ${proven.game}: ${why}` };
  }

  /** Portals before 3.10 keep one proof of a withdrawal, later ones one of each sender. */
  async #proven(hash: string, submitter: string, block: number): Promise<Proven> {
    const { l1, portal } = this.#judges;
    const read = async (method: string, args: readonly unknown[]): Promise<Proven> => {
      const [game, at] = await callContract(l1, ABI.ProvenGames, portal, method, args, block);
      return { game: String(game), at: BigInt(String(at)) };
    };
    try {
      return await read("provenWithdrawals(bytes32,address)", [hash, submitter]);
    } catch (error) {
      if (classifyRpcError(error) !== "reverted") throw error;
      return read("provenWithdrawals(bytes32)", [hash]);
    }
  }

  async #isMature({ at }: Proven, block: number): Promise<boolean> {
    this.#maturity ??= this.#number("proofMaturityDelaySeconds");
    const [now, delay = 0n] = await Promise.all([this.#judges.timeOf(block), this.#maturity]);
    return BigInt(now) > at + delay;
  }

  /** The portal's own word: it reverts where the withdrawal cannot be finalised, and returns nothing where it can. */
  async #isFinalisable(hash: string, submitter: string, block: number): Promise<boolean> {
    const { l1, portal } = this.#judges;
    const check = async (method: string, args: readonly unknown[]): Promise<boolean> => {
      try {
        await callContract(l1, ABI.OptimismPortal, portal, method, args, block);
        return true;
      } catch (error) {
        if (classifyRpcError(error) !== "reverted") throw error;
        return false;
      }
    };
    return (
      (await check("checkWithdrawal(bytes32,address)", [hash, submitter])) ||
      check("checkWithdrawal(bytes32)", [hash])
    );
  }

  /** Why a proof will never do; undefined where time may be all that it takes. */
  async #vain({ game, at }: Proven, block: number): Promise<string | undefined> {
    const refuted = await this.#isRefuted(game, block);
    // While the portal is paused, no game is proper: that passes.
    if (refuted !== undefined) return (await this.#whether("paused", [], block)) ? undefined : refuted;
    const createdAt = (await this.#game(game, "createdAt", block)) ?? 0n;
    if (at <= createdAt) return "the proof is of its own second";
    if (this.#judges.registry !== undefined) return undefined;
    const [type, respected] = await Promise.all([
      this.#game(game, "gameType", block),
      this.#respected.at(block),
    ]);
    if (type !== respected.type) return "its type is not the respected one any more";
    return createdAt < respected.since ? "it was made before its type was respected" : undefined;
  }

  window(): Promise<number> {
    this.#window ??= (async () => {
      const [maturity, finality, clock] = await Promise.all([
        this.#number("proofMaturityDelaySeconds"),
        this.#number("disputeGameFinalityDelaySeconds"),
        this.#judges.games.clock(),
      ]);
      // A proof matures while its game runs.
      return Math.max(Number(maturity ?? 0), clock + Number(finality ?? 0));
    })();
    return this.#window;
  }
}
