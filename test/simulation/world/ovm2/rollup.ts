import {
  type Chain,
  CHAINS,
  otherChain,
  type PerChain,
  perChain,
} from "../../../../stress/engine/base/index.ts";
import { SimChain } from "../chain.ts";
import { COINBASE } from "../fees.ts";
import type { Rollup, RollupParts } from "../rollup.ts";
import type { Service } from "../service.ts";
import { BRIDGE, BURNED, POOL, relay, WINDOW_S } from "./contracts.ts";
import { OvmChain } from "./ovm-chain.ts";
import type { OvmState, SentMessage } from "./state.ts";

const ETHER = 10n ** 18n;

/** A legacy rollup: pools and a bridge on both chains, and the relayers between them. */
export class OvmRollup implements Rollup {
  readonly chains: PerChain<SimChain<OvmChain>>;
  readonly #parts: RollupParts;

  constructor(parts: RollupParts) {
    const { funder, funds, beginning, dice, hazards } = parts;
    this.#parts = parts;
    this.chains = perChain((chain) => {
      const state = new OvmChain(chain);
      state.balances.set(funder, funds);
      state.balances.set(chain === 1 ? BRIDGE[1] : BURNED, 1000n * ETHER);
      return new SimChain(chain, state, beginning, dice.apart(`chain ${chain}`), hazards);
    });
  }

  mine(chain: Chain, at: number): void {
    this.chains[chain].mine(at, { last: this.#due(chain, at).map((message) => relayOf(chain, message)) });
  }

  /** Messages of the other chain that are settled there and have not been relayed here. */
  #due(chain: Chain, now: number): SentMessage[] {
    const from = this.chains[otherChain(chain)];
    const { relayed } = this.chains[chain].head.state;
    const settled = from.blocks[from.head.number - this.#parts.weather.relayAfter];
    return (settled?.state.sent ?? []).filter(
      ({ id, kind, at }) =>
        !relayed.has(id) && (chain === 2 || kind !== "slow" || at + WINDOW_S * 1000 < now),
    );
  }

  left(): string[] {
    return CHAINS.flatMap((chain) => {
      const { state } = this.chains[chain].head;
      const { relayed } = this.chains[otherChain(chain)].head.state;
      const open = state.sent.filter(({ id }) => !relayed.has(id));
      const stakes = [...state.stakes].filter(([, wei]) => wei > 0n);
      return [
        ...stakes.map(([account, wei]) => `${account} still has ${wei} wei in the pool of L${chain}`),
        ...(open.length > 0 ? [`${open.length} messages of L${chain} never arrived`] : []),
      ];
    });
  }

  get crossings(): number {
    return CHAINS.flatMap((chain) =>
      this.chains[chain].head.state.sent.filter(({ kind }) => kind !== "settlement"),
    ).length;
  }

  get funderShare(): bigint {
    return CHAINS.reduce((sum, chain) => sum + this.chains[chain].head.state.stake(this.#parts.funder), 0n);
  }
}

const relayOf = (chain: Chain, message: SentMessage): Service<OvmState> => ({
  label: `relay ${message.id}`,
  call: { from: COINBASE, to: POOL[chain], value: 0n, data: "0x" },
  run: (state, place) => relay(state, place, message),
});
