import { Account } from "../../../stress/engine/transactions/index.ts";
import { type Chain, CHAINS, type PerChain } from "../../../stress/engine/base/index.ts";
import { GWEI, type SimChain } from "./chain.ts";
import { ProcessClock, VirtualTime } from "./clock.ts";
import { Dice } from "./dice.ts";
import { type Chosen, Hazards } from "./hazards.ts";
import type { Rollup, RollupOf } from "./rollup.ts";
import type { Weather } from "./weather.ts";

const ETHER = 10n ** 18n;

/** What the funder has on each chain at the beginning. Wei. */
export const FUNDS = 500n * ETHER;

/** Unix milliseconds at which every simulation begins. */
const BEGINNING = Date.UTC(2026, 0, 1);

/** Between two blocks, in milliseconds. */
const BLOCK_MS: PerChain<number> = { 1: 2000, 2: 500 };

/** A standstill and the silence of an endpoint last this long. Milliseconds. */
const STANDSTILL_MS = [2000, 25_000] as const;
const SILENCE_MS = [500, 20_000] as const;

/** Between two silences of an endpoint at least: together they must not look as if it were dead. Milliseconds. */
const APART_MS = 45_000;

/** Within which a watcher sees a reorganisation. Milliseconds. */
const UNSEEN_MS = 3000;

/** Base fees of a spike are at most so many times the usual one. */
const MOST_TIMES = 25;

/** Two chains with a bridge between them, their relayers, and all that goes wrong with them: the truth of a simulation. */
export class World {
  readonly time = new VirtualTime(BEGINNING);
  readonly funder = new Account(`0x${"7a".repeat(32)}`);
  readonly rollup: Rollup;
  readonly hazards: Hazards;
  readonly #weather: Weather;
  readonly #dice: Dice;
  readonly #silentTo: Record<Chain, number> = { 1: 0, 2: 0 };
  #reorganisedAt = 0;
  #isOver = false;

  /** @param chosen strikes that happen, of those that are drawn; all of them where nothing is said */
  constructor(weather: Weather, dice: Dice, rollupOf: RollupOf, chosen?: Chosen) {
    this.#weather = weather;
    this.#dice = dice.apart("world");
    this.hazards = new Hazards(weather.parts, dice.apart("hazards"), chosen);
    this.rollup = rollupOf({
      funder: this.funder.address.toLowerCase(),
      funds: FUNDS,
      beginning: BEGINNING,
      weather,
      hazards: this.hazards,
      dice: this.#dice,
    });
    for (const chain of CHAINS) this.#schedule(chain);
  }

  get chains(): PerChain<SimChain> {
    return this.rollup.chains;
  }

  /**
   * A process of its own in this world.
   *
   * @param killAfter awaits after which it is killed
   */
  process(killAfter?: number): ProcessClock {
    return new ProcessClock(this.time, killAfter);
  }

  /** Whether a chain's endpoint is silent now. */
  isSilent(chain: Chain): boolean {
    return this.time.now < this.#silentTo[chain];
  }

  /** Whether blocks were replaced so lately that a process that has just ended may not have seen it. */
  get isJustReorganised(): boolean {
    return this.time.now - this.#reorganisedAt < UNSEEN_MS;
  }

  /** Lets no more blocks come. */
  end(): void {
    this.#isOver = true;
  }

  #schedule(chain: Chain): void {
    const { jitter } = this.#weather;
    const standstill = this.hazards.strike("standstills")?.between(...STANDSTILL_MS) ?? 0;
    const pause = BLOCK_MS[chain] * (1 + jitter * this.#dice.next()) + standstill;
    this.time.at(this.time.now + pause, () => {
      if (this.#isOver) return;
      this.#turn(chain);
      this.#schedule(chain);
    });
  }

  /** One block, or a reorganisation of some. */
  #turn(chain: Chain): void {
    const it = this.chains[chain];
    const { now } = this.time;
    const spike = this.hazards.strike("spikes");
    it.baseFee = spike === undefined ? usual(it.baseFee) : GWEI * BigInt(spike.between(2, MOST_TIMES));
    const silence = this.hazards.strike("outages")?.between(...SILENCE_MS) ?? 0;
    if (silence > 0 && now > this.#silentTo[chain] + APART_MS) this.#silentTo[chain] = now + silence;
    const branch = this.hazards.strike("reorganisations");
    const depth = branch?.between(1, this.#weather.mostDepth) ?? 0;
    if (branch !== undefined && it.head.number > depth + this.#weather.relayAfter) {
      this.#reorganisedAt = now;
      it.takeBack(depth, branch.next());
      for (let block = 0; block < depth; block++) this.rollup.mine(chain, now);
    }
    this.rollup.mine(chain, now);
  }
}

/** The base fee after a block, on its way back to what is usual by an eighth a block (EIP-1559). Wei. */
const usual = (fee: bigint): bigint => (fee - fee / 8n > GWEI ? fee - fee / 8n : GWEI);
