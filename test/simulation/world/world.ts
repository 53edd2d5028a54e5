import { Account } from "../../../stress/engine/transactions/index.ts";
import {
  type Chain,
  CHAINS,
  otherChain,
  type PerChain,
  perChain,
} from "../../../stress/engine/base/index.ts";
import { GWEI, SimChain } from "./chain.ts";
import { ProcessClock, VirtualTime } from "./clock.ts";
import { BRIDGE, BURNED } from "./contracts.ts";
import { Dice } from "./dice.ts";
import { ChainState, type SentMessage } from "./state.ts";
import type { Weather } from "./weather.ts";

const ETHER = 10n ** 18n;

/** Unix milliseconds at which every simulation begins. */
const BEGINNING = Date.UTC(2026, 0, 1);

/** Between two blocks, in milliseconds. */
const BLOCK_MS: PerChain<number> = { 1: 2000, 2: 500 };

/** Blocks that a relayer waits for before it acts on a message: deeper than any reorganisation of the world. */
const SETTLED = 8;

/** How long a slow exit waits after its block. Milliseconds. */
const WINDOW_MS = 6000;

/** Two chains with a bridge between them, their relayers, and all that goes wrong with them: the truth of a simulation. */
export class World {
  readonly time = new VirtualTime(BEGINNING);
  readonly funder = new Account(`0x${"7a".repeat(32)}`);
  readonly chains: PerChain<SimChain>;
  readonly #weather: Weather;
  readonly #dice: Dice;
  readonly #seen = { reorganisations: 0 };
  #isOver = false;

  constructor(weather: Weather, dice: Dice) {
    this.#weather = weather;
    this.#dice = dice.apart("world");
    this.chains = perChain((chain) => {
      const state = new ChainState();
      state.balances.set(this.funder.address.toLowerCase(), 500n * ETHER);
      if (chain === 1) state.balances.set(BRIDGE[1], 1000n * ETHER);
      else state.balances.set(BURNED, 1000n * ETHER);
      return new SimChain(chain, state, BEGINNING, this.#dice.apart(`chain ${chain}`));
    });
    for (const chain of CHAINS) this.#schedule(chain);
  }

  /** A process of its own in this world. */
  process(): ProcessClock {
    return new ProcessClock(this.time);
  }

  /** How many reorganisations there were. */
  get reorganisations(): number {
    return this.#seen.reorganisations;
  }

  /** Lets no more blocks come. */
  end(): void {
    this.#isOver = true;
  }

  #schedule(chain: Chain): void {
    const { jitter } = this.#weather;
    const pause = BLOCK_MS[chain] * (1 + jitter * this.#dice.next());
    this.time.at(this.time.now + pause, () => {
      if (this.#isOver) return;
      this.#turn(chain);
      this.#schedule(chain);
    });
  }

  /** One block, or a reorganisation of some. */
  #turn(chain: Chain): void {
    const { reorganisation, mostDepth, spike } = this.#weather;
    const it = this.chains[chain];
    it.baseFee = this.#dice.chance(spike) ? 5n * GWEI : it.baseFee > GWEI ? it.baseFee - GWEI / 4n : GWEI;
    const depth = this.#dice.chance(reorganisation) ? this.#dice.between(1, mostDepth) : 0;
    if (depth > 0 && it.head.number > depth + SETTLED) {
      this.#seen.reorganisations++;
      it.takeBack(depth, this.#dice.next());
      for (let block = 0; block < depth; block++) it.mine(this.time.now, this.#due(chain));
    }
    it.mine(this.time.now, this.#due(chain));
  }

  /** Messages of the other chain that are settled there and have not been relayed here. */
  #due(chain: Chain): SentMessage[] {
    const from = this.chains[otherChain(chain)];
    const { relayed } = this.chains[chain].head.state;
    const settled = from.blocks[from.head.number - SETTLED];
    return (settled?.state.sent ?? []).filter(
      ({ id, kind, at }) =>
        !relayed.has(id) && (chain === 2 || kind !== "slow" || at + WINDOW_MS < this.time.now),
    );
  }
}
