import { CHAINS, type Chain, type PerChain } from "../../engine/base/index.ts";
import type { Node } from "../../engine/rpc/index.ts";
import { payTokens, TOKENS, tokenBalance, tokenDecimals } from "../erc20.ts";
import type { AccountHands, FunderHands, StopSignals } from "../protocol.ts";
import { allOf, sendToEach } from "../sending.ts";

/** Whole tokens that a child gets on each chain, where the funder has as many. */
const TOKENS_EACH = 100n;

/** Gas of paying tokens (measured: 35,000 to 52,000), with room for tokens that do more. */
const PAY_GAS = 90_000n;

/** Gives children tokens, and takes them back. */
export class TokenFunds {
  readonly #nodes: PerChain<Node>;
  readonly #token: PerChain<string>;

  /** @param token on each chain */
  constructor(nodes: PerChain<Node>, token: PerChain<string>) {
    this.#nodes = nodes;
    this.#token = token;
  }

  /** Each child gets as many as the others, on each chain that the funder has some on; `batch` children at once. */
  equip(
    funder: FunderHands,
    children: readonly string[],
    batch: number,
    signals: StopSignals,
    say: (line: string) => void,
  ): Promise<void> {
    const on = async (chain: Chain): Promise<void> => {
      const token = this.#token[chain];
      const amount = await this.#each(chain, funder, children.length);
      if (amount === 0n) {
        say(`WARNING the funder has no tokens ${token} on L${chain} for the children`);
        return;
      }
      await sendToEach(children, batch, signals, (child) =>
        funder.send(chain, "IF", payTokens(token, child, amount), signals.hard),
      );
    };
    return allOf(CHAINS.map(on));
  }

  async #each(chain: Chain, funder: FunderHands, children: number): Promise<bigint> {
    const decimals = await tokenDecimals(this.#nodes[chain], this.#token[chain]);
    const [most, share] = [TOKENS_EACH * 10n ** decimals, funder.amount(chain, TOKENS) / BigInt(children)];
    return share < most ? share : most;
  }

  async giveBack(chain: Chain, account: AccountHands, funder: FunderHands): Promise<void> {
    const token = this.#token[chain];
    const tokens = await tokenBalance(this.#nodes[chain], token, account.address);
    if (tokens === 0n) return;
    await account.provideGas(chain, PAY_GAS);
    if (await account.send(chain, "RF", payTokens(token, funder.address, tokens))) return;
    throw new Error("the tokens could not be sent back");
  }
}
