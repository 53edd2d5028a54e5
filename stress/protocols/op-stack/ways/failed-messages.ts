import type { Chain } from "../../../engine/base/index.ts";
import type { MessageId } from "../../../engine/chain/index.ts";
import type { CrossDomainMessage } from "../messages.ts";

/** Messages whose contents are remembered, oldest first to go. */
const KEPT = 20_000;

/** A message that failed on arrival, and the chain that it failed on. */
export interface FailedMessage {
  readonly id: MessageId;
  readonly chain: Chain;
  readonly message: CrossDomainMessage;
}

/** Messages that failed where they arrived and were not carried out since: the receiving messenger keeps their money until then. */
export class FailedMessages {
  readonly #contents = new Map<MessageId, { readonly chain: Chain; readonly message: CrossDomainMessage }>();
  readonly #failed = new Set<MessageId>();

  /** A message was sent to a chain. */
  sent(chain: Chain, id: MessageId, message: CrossDomainMessage): void {
    this.#contents.set(id, { chain, message });
    const [oldest] = this.#contents.keys();
    if (this.#contents.size > KEPT && oldest !== undefined && !this.#failed.has(oldest))
      this.#contents.delete(oldest);
  }

  /** A message was carried out, or was tried to. */
  relayed(id: MessageId, succeeded: boolean): void {
    if (succeeded) this.#failed.delete(id);
    else this.#failed.add(id);
  }

  /** Those that can be carried out once more, as far as their contents are known. */
  all(): readonly FailedMessage[] {
    return [...this.#failed].flatMap((id) => {
      const known = this.#contents.get(id);
      return known === undefined ? [] : [{ id, ...known }];
    });
  }
}
