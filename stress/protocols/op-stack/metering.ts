import type { Node } from "../../engine/rpc/index.ts";
import type { SendStep, Steps } from "../operation.ts";
import { ask } from "./ask.ts";
import { ABI, type Contracts } from "./contracts.ts";
import type { MinimumGas } from "./minimum-gas.ts";

/** What portals have by default: gas of L2 that the deposits of one L1 block may ask for (`Constants.DEFAULT_RESOURCE_CONFIG`). */
const CUSTOMARY = 20_000_000n;

/** Others deposit, too: a tenth is theirs. */
const OURS = { of: 9n, to: 10n };

/**
 * L2 gas that the deposits of one L1 block may ask for, less what this run's deposits under way ask for: one too many reverts ("cannot
 * buy more gas than available gas limit"), and all make the gas of the next ones dearer (`ResourceMetering`).
 */
export class Metering {
  readonly #most: bigint;
  /** Of a deposit of ETH through the standard bridge, and of one of tokens. */
  readonly bridged: bigint;
  readonly bridgedTokens: bigint;
  #bought = 0n;

  private constructor(most: bigint, bridged: bigint, bridgedTokens: bigint) {
    this.#most = (most * OURS.of) / OURS.to;
    this.bridged = bridged;
    this.bridgedTokens = bridgedTokens;
  }

  /** Asks L1 what it meters, and what its messenger adds to the gas that an arrival may use. */
  static async open(l1: Pick<Node, "call">, contracts: Contracts, minimum: MinimumGas): Promise<Metering> {
    const { messenger, addresses } = contracts;
    const asked = async (message: string, gas: bigint): Promise<bigint> => {
      const answer = await ask(l1, ABI.CrossDomainMessenger, messenger[1], "baseGas", [message, gas]);
      return answer === undefined ? gas : BigInt(String(answer[0]));
    };
    const [config, bridged, bridgedTokens] = await Promise.all([
      ask(l1, ABI.SystemConfig, addresses.systemConfig, "resourceConfig"),
      asked(minimum.etherMessage, minimum.bridged),
      asked(minimum.tokenMessage ?? minimum.etherMessage, minimum.bridgedTokens),
    ]);
    const [rules] = (config ?? []) as readonly [{ readonly maxResourceLimit: bigint }?];
    return new Metering(rules?.maxResourceLimit ?? CUSTOMARY, bridged, bridgedTokens);
  }

  /** Why L1 would not take a deposit that asks for so much gas now; undefined: it would. */
  refusal(gas: bigint): string | undefined {
    return this.#bought + gas > this.#most
      ? "deposits under way ask for all the gas that L1 takes of one block"
      : undefined;
  }

  /** Sets the gas of a deposit aside; the returned function releases it. */
  buy(gas: bigint): () => void {
    this.#bought += gas;
    return () => {
      this.#bought -= gas;
    };
  }
}

/** A deposit. The gas that it asks for is set aside until it has arrived. */
export async function* meteredSteps(metering: Metering, gas: bigint, step: Omit<SendStep, "kind">): Steps {
  const release = metering.buy(gas);
  try {
    yield { kind: "send", ...step };
  } finally {
    release();
  }
}
