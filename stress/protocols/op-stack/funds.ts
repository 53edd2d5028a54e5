import { transfer } from "../../engine/transactions/index.ts";
import type { Chain, PerChain } from "../../engine/base/index.ts";
import type { Node } from "../../engine/rpc/index.ts";
import type { AccountHands, BridgeFunds, FunderHands, StopSignals } from "../protocol.ts";
import { bridgeEth, replay } from "./calls.ts";
import type { Contracts } from "./contracts.ts";
import { GAS, ROOM_FOR_EXIT } from "./gas.ts";
import { allOf, sendToEach } from "../sending.ts";
import { TokenFunds } from "./token-funds.ts";
import type { MinimumGas } from "./minimum-gas.ts";
import type { FailedMessages } from "./ways/failed-messages.ts";

/** What money is brought into a run, and out of it, with. */
export interface FundsAccess {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
  readonly minimumGas: MinimumGas;
  readonly failed: FailedMessages;
  /** Wei that so much gas costs. */
  feeFor(chain: Chain, gas: bigint): bigint;
}

/** What the bridge needs of the funder before a run, and what there is to give back after it. */
export class OpStackFunds implements BridgeFunds {
  readonly #access: FundsAccess;
  readonly #tokens: TokenFunds | undefined;
  readonly ownShare = "part of the bridge";

  constructor(access: FundsAccess) {
    const { nodes, contracts } = access;
    this.#access = access;
    this.#tokens = contracts.token && new TokenFunds(nodes, contracts.token);
  }

  toL2(amount: bigint) {
    const { contracts, minimumGas } = this.#access;
    return {
      code: "SO",
      step: { kind: "send", ...bridgeEth(contracts, 1, amount, minimumGas.bridged) },
    } as const;
  }

  /** The bridge has what it pays from. */
  async prepare(): Promise<void> {
    // Nothing is put into it.
  }

  /** A withdrawal's sender proves and finalises it on L1: a child that has nothing there could not. And tokens, where there are any. */
  async equip(
    funder: FunderHands,
    children: readonly string[],
    batch: number,
    signals: StopSignals,
    say: (line: string) => void,
  ): Promise<void> {
    const amount = ROOM_FOR_EXIT * this.#access.feeFor(1, GAS.exit);
    const give = (child: string) => funder.send(1, "IF", transfer(child, amount), signals.hard);
    const tokens = this.#tokens;
    await allOf([
      sendToEach(children, batch, signals, give),
      ...(tokens === undefined ? [] : [tokens.equip(funder, children, batch, signals, say)]),
    ]);
  }

  /** What failed on arrival is carried out once more: its money is the accounts' own. */
  async beforeGivingBack(funder: FunderHands, _: readonly string[], signal: AbortSignal): Promise<void> {
    const { nodes, contracts, failed } = this.#access;
    for (const one of failed.all())
      await funder.send(one.chain, "RP", await replay(nodes, contracts, one), signal);
  }

  /** What accounts own beside ETH is in their hands, too: tokens. */
  givingBack(chain: Chain) {
    const tokens = this.#tokens;
    if (tokens === undefined) return [];
    return [
      (account: AccountHands, funder: FunderHands): Promise<void> => tokens.giveBack(chain, account, funder),
    ];
  }

  async takeBackOwn(): Promise<bigint> {
    return 0n;
  }

  /** Nobody has anything in the bridge. */
  costOfTaking(): bigint {
    return 0n;
  }

  async held(): Promise<bigint> {
    return 0n;
  }

  async stakeOf(): Promise<bigint> {
    return 0n;
  }
}
