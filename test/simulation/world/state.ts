import type { Call, Effect, Place } from "./call.ts";
import { RpcError } from "./rpc.ts";

/**
 * What a chain has in the state of one block, and what its contracts do with it. Each protocol's chains have more than this.
 * Addresses in lower case, amounts in wei.
 */
export abstract class ChainState {
  readonly balances: Map<string, bigint>;
  readonly nonces: Map<string, number>;
  /** The state of a block does not change any more. */
  readonly #answers = new Map<string, string>();

  constructor(from?: ChainState) {
    this.balances = new Map(from?.balances);
    this.nonces = new Map(from?.nonces);
  }

  abstract copy(): this;

  /** A block begins. */
  begin(_place: Place): void {
    // Most chains' contracts do not look at the time.
  }

  /** Executes a call, whose value is moved already. */
  abstract execute(place: Place, call: Call): Effect;
  /** Gas that a call takes: as estimated, so it takes. */
  abstract gasOf(call: Pick<Call, "to" | "data">): bigint;
  /** What a contract answers. @throws {RpcError} */
  protected abstract read(to: string, data: string): string;

  /** Answers a view call in the state of a block. @throws {RpcError} */
  view(to: string, data: string): string {
    const key = `${to} ${data}`;
    const answer = this.#answers.get(key) ?? this.read(to.toLowerCase(), data);
    this.#answers.set(key, answer);
    return answer;
  }

  /** What the header of its block has beside what all headers have. */
  header(_hash: string, _timestamp: number): Readonly<Record<string, unknown>> {
    return {};
  }

  /** Proves what the storage of a contract has. */
  proof(_slots: readonly string[]): Readonly<Record<string, unknown>> {
    throw new RpcError("the method eth_getProof does not exist", -32_601);
  }

  balance(account: string): bigint {
    return this.balances.get(account) ?? 0n;
  }

  nonce(account: string): number {
    return this.nonces.get(account) ?? 0;
  }

  /** Changes a balance. @returns false, and nothing changes, where there is too little */
  credit(account: string, wei: bigint): boolean {
    const after = this.balance(account) + wei;
    if (after < 0n) return false;
    this.balances.set(account, after);
    return true;
  }

  move(from: string, to: string, wei: bigint): boolean {
    return this.credit(from, -wei) && this.credit(to, wei);
  }
}
