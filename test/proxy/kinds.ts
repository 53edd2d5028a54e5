import { drawsOf, wholeBelow } from "../../stress/engine/base/random.ts";

/** What may happen to a message between a client and its node. */
export type FaultKind =
  /** The connection is reset, and nobody listens for a moment. */
  | "connection refused"
  | "reset before forwarding"
  | "reset after forwarding"
  | "429"
  | "429 with Retry-After"
  | "500"
  | "502 with HTML"
  /** The node gets the message and acts on it; its answer never comes. */
  | "lost answer"
  /** The node never gets the message, and no answer comes. */
  | "lost request"
  | "truncated JSON"
  | "invalid JSON"
  /** One call is carried out, and answered with error -32603 without a reason. */
  | "internal error"
  /** One call is not carried out, and answered with error -32005. */
  | "limit exceeded"
  /** One call is not carried out, and answered with HTTP's 429 as a JSON-RPC error, in an HTTP 200. */
  | "429 in 200"
  /** One call is not carried out, and answered with a gateway's word that no node can be asked now. */
  | "no backend"
  /** One call is not carried out: the node that it came to does not have the newest block. */
  | "header not found"
  /** None of a batch of more than ten is carried out, and it is answered with an empty list. */
  | "batch refused"
  /** Receipts have null for the price and the block. */
  | "bare receipts"
  /** Blocks are read without their events, and nothing in them contradicts that. No failure but a lie: only where it is asked for. */
  | "no events"
  /** The message is to be sent again, to the same place. */
  | "redirect"
  | "out of order"
  /** The message is answered by a load-balanced node that is some blocks behind. */
  | "stale head"
  /** A mined transaction's receipt is null for the first times it is asked for. Drawn for each transaction. */
  | "null receipt"
  /** The WebSocket is terminated, before or after forwarding. */
  | "socket drop";

/** A JSON-RPC call. */
export interface Call {
  readonly id: number | string | null;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type Over = "http" | "ws";

/** Whether a kind can befall a message; those of single calls are drawn elsewhere. */
const BEFALLS: Readonly<Record<FaultKind, (over: Over, calls: readonly Call[]) => boolean>> = {
  "connection refused": (over) => over === "http",
  "reset before forwarding": (over) => over === "http",
  "reset after forwarding": (over) => over === "http",
  "429": (over) => over === "http",
  "429 with Retry-After": (over) => over === "http",
  "500": (over) => over === "http",
  "502 with HTML": (over) => over === "http",
  "lost answer": () => true,
  "lost request": () => true,
  "truncated JSON": () => true,
  "invalid JSON": () => true,
  "internal error": () => true,
  "limit exceeded": () => true,
  "429 in 200": () => true,
  "no backend": () => true,
  "header not found": () => true,
  "batch refused": (over, calls) => over === "http" && calls.length > 10,
  "bare receipts": (_, calls) => calls.some(({ method }) => RECEIPTS.includes(method)),
  "no events": (_, calls) => calls.some(({ method }) => WHOLE_BLOCKS.includes(method)),
  redirect: (over) => over === "http",
  "out of order": (_, calls) => calls.length > 1,
  "stale head": (_, calls) => calls.some(({ method }) => BY_BLOCK.includes(method)),
  "null receipt": () => false,
  "socket drop": (over) => over === "ws",
};

/** Methods whose answers depend on which blocks a node has. */
const BY_BLOCK = [
  "eth_blockNumber",
  "eth_getBlockByNumber",
  "eth_getBlockReceipts",
  "eth_getTransactionReceipt",
  "eth_getLogs",
];

const RECEIPTS = ["eth_getTransactionReceipt", "eth_getBlockReceipts"];

const WHOLE_BLOCKS = ["eth_getBlockByNumber", "eth_getBlockReceipts"];

export const FAULT_KINDS = Object.keys(BEFALLS) as readonly FaultKind[];

/** What may happen where nothing is said of it: whatever can be outlasted. */
export const FAILURES: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind !== "no events");

/** Decides what befalls whom. The same seed decides the same for the same messages in the same order. */
export class Dice {
  readonly #seed: number;
  readonly #kinds: readonly FaultKind[];
  #percent: number;
  #turn = 0;

  constructor(seed: number, percent: number, kinds: readonly FaultKind[]) {
    this.#seed = seed;
    this.#percent = percent;
    this.#kinds = kinds;
  }

  setPercent(percent: number): void {
    this.#percent = percent;
  }

  /** A number in [0, below), for whatever else there is to decide. */
  pick(below: number): number {
    return wholeBelow(drawsOf(this.#seed, 0, this.#turn++)("pick"), below);
  }

  /** What befalls a message, undefined where nothing does. */
  befalls(over: Over, calls: readonly Call[]): FaultKind | undefined {
    const draws = drawsOf(this.#seed, 1, this.#turn++);
    if (draws("hit") * 100 >= this.#percent) return undefined;
    const kinds = this.#kinds.filter((kind) => BEFALLS[kind](over, calls));
    return kinds[wholeBelow(draws("kind"), kinds.length)];
  }

  /** How often a transaction's receipt is null before it is told. */
  nullReceipts(hash: string): number {
    if (!this.#kinds.includes("null receipt")) return 0;
    const draws = drawsOf(this.#seed, 2, 0);
    return draws(hash) * 100 < this.#percent ? 1 + wholeBelow(draws(`${hash} times`), 3) : 0;
  }
}
