import { type Chain, CHAINS, otherChain } from "../../../../stress/engine/base/index.ts";
import { SimChain } from "../chain.ts";
import type { Hazards } from "../hazards.ts";
import type { Rollup, RollupParts } from "../rollup.ts";
import { AT, DISBURSER } from "./contracts.ts";
import { attributes, depositsOf } from "./deposit.ts";
import { disbursing } from "./disbursing.ts";
import { guarding, proposing, resolving } from "./game-services.ts";
import { L1Chain } from "./l1-chain.ts";
import { L2State, type Tries } from "./l2-state.ts";
import type { Fate, OpState } from "./state.ts";

const ETHER = 10n ** 18n;

/** What the funder has of the token on each chain. Smallest units. */
const TOKENS = { 1: 10_000n * ETHER, 2: 1000n * ETHER } as const;

/** An OP Stack rollup: its contracts on both chains, derivation, proposer, resolver, guardian and disburser. */
export class OpRollup implements Rollup {
  readonly chains: { readonly 1: SimChain<L1Chain>; readonly 2: SimChain<L2State> };
  readonly #parts: RollupParts;

  constructor(parts: RollupParts) {
    const { beginning, dice, hazards } = parts;
    this.#parts = parts;
    const tries: Tries = new Map();
    const fate = fateOf(hazards);
    const [one, two] = [new L1Chain(fate, tries), new L2State(fate, tries)];
    for (const state of [one, two]) this.#endow(state);
    one.balances.set(AT.portal, 1000n * ETHER);
    one.tokens.set(AT.bridge[1], TOKENS[2]);
    this.chains = {
      1: new SimChain(1, one, beginning, dice.apart("chain 1"), hazards),
      2: new SimChain(2, two, beginning, dice.apart("chain 2"), hazards),
    };
  }

  #endow(state: OpState): void {
    const { funder, funds } = this.#parts;
    state.balances.set(funder, funds);
    state.balances.set(DISBURSER, 1000n * ETHER);
    state.tokens.set(funder, TOKENS[state.chain]);
  }

  mine(chain: Chain, at: number): void {
    const { hazards } = this.#parts;
    const striking = { strike: (hazard: Parameters<Hazards["strike"]>[0]) => hazards.strike(hazard) };
    const { state } = this.chains[chain].head;
    const settled = this.#settled(otherChain(chain));
    const paid = disbursing(state, settled?.state, striking);
    if (chain === 2) return this.chains[2].mine(at, { first: this.#derived(), last: paid });
    const proposal = proposing(this.#settledOf(this.chains[2]), striking);
    this.chains[1].mine(at, { last: [proposal, resolving(), ...guarding(striking), ...paid] });
  }

  /** The newest block of a chain that no reorganisation takes back. */
  #settled(chain: Chain) {
    return chain === 1 ? this.#settledOf(this.chains[1]) : this.#settledOf(this.chains[2]);
  }

  #settledOf<S extends OpState>({ blocks, head }: SimChain<S>) {
    return blocks[head.number - this.#parts.weather.relayAfter];
  }

  /** What of L1's settled blocks L2 does not have yet. */
  #derived() {
    const { derivedTo } = this.chains[2].head.state;
    const to = this.#settledOf(this.chains[1])?.number ?? 0;
    const blocks = this.chains[1].blocks.slice(derivedTo + 1, to + 1);
    return [attributes(to), ...blocks.flatMap((block) => depositsOf(block, this.chains[1]))];
  }

  left(children: readonly string[]): string[] {
    const found: string[] = [];
    const told = (count: number, what: string): void => {
      if (count > 0) found.push(`${count} ${what}`);
    };
    const { 1: one, 2: two } = { 1: this.chains[1].head.state, 2: this.chains[2].head.state };
    const [first, ...more] = [one, two] as const;
    for (const state of [first, ...more] as readonly OpState[]) {
      const { chain, sent, fastDeposits } = state;
      const other: OpState = chain === 1 ? two : one;
      told(sent.filter((id) => !other.relayed.has(id)).length, `messages of L${chain} never arrived`);
      told(fastDeposits.length - other.fastPaid, `deposits in the fast bridge of L${chain} never paid`);
      told(other.fastStuck.size, `deposits in the fast bridge of L${chain} refused`);
      for (const child of children)
        told(
          Number(state.tokensOf(child.toLowerCase())),
          `units of the token that ${child} has on L${chain}`,
        );
    }
    told(one.sent.length + one.portalDeposits - two.derived, "deposits never derived");
    const { funder } = this.#parts;
    const missing = TOKENS[1] + TOKENS[2] - one.tokensOf(funder) - two.tokensOf(funder);
    told(Number(missing), "units of the token that the funder does not have back");
    return found;
  }

  get crossings(): number {
    const { portalDeposits } = this.chains[1].head.state;
    return CHAINS.reduce((sum, chain) => {
      const state: OpState = this.chains[chain].head.state;
      return sum + state.sent.length + state.fastDeposits.length;
    }, portalDeposits);
  }

  /** Nothing of it is in the bridge. */
  readonly funderShare = 0n;
}

/** Each message fails first, or does not, whenever that is tried. */
function fateOf(hazards: Hazards): Fate {
  const known = new Map<string, boolean>();
  return {
    failsFirst: (message) => {
      const fails = known.get(message) ?? hazards.strike("failedRelays") !== undefined;
      known.set(message, fails);
      return fails;
    },
  };
}
