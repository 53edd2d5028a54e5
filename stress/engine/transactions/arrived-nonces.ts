import type { Chain, Source } from "../base/index.ts";
import { BURIED, type ChainEvent } from "../chain/index.ts";
import type { Nonces } from "./nonces.ts";

/** A nonce that an arriving message took. */
interface Taken {
  readonly chain: Chain;
  readonly account: string;
  readonly block: number;
}

/**
 * Keeps the nonces right of accounts to which messages arrive as transactions of their own: each takes one that the account did
 * not. The returned function ends that.
 */
export function keepNonces(nonces: Nonces, stream: Source<ChainEvent>): () => void {
  let taken: Taken[] = [];
  return stream.subscribe("transactions", {
    block: ({ chain, block: { number }, arrivals }) => {
      taken = taken.filter((one) => one.chain !== chain || one.block > number - BURIED);
      for (const { nonceOf: account, block } of arrivals) {
        if (account === undefined) continue;
        nonces.passed(account, chain);
        taken.push({ chain, account, block });
      }
    },
    reorganisation: ({ chain, commonBlock }) => {
      const isGone = (one: Taken): boolean => one.chain === chain && one.block > commonBlock;
      for (const { account } of taken.filter(isGone)) nonces.takenBack(account, chain);
      taken = taken.filter((one) => !isGone(one));
    },
  });
}
