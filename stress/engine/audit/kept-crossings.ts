import type { MessageId } from "../chain/index.ts";
import type { TxHash } from "../rpc/index.ts";
import type { AuditedCrossing, Crosser } from "./crossing-audit.ts";

/** As much of a crossing as is kept for good: runs of days make millions. */
export type KeptCrossing = Pick<
  AuditedCrossing,
  "class" | "code" | "who" | "from" | "paidOn" | "hash" | "asset"
>;

/** What many crossings have in common. */
type Kind = Omit<KeptCrossing, "who" | "hash">;

const HASH_BYTES = 32;

/** A deposit's hash, who made it (-1: the funder), and its kind. */
const ROW_BYTES = HASH_BYTES + 4 + 2;

const ROWS_PER_CHUNK = 4096;

/** Crossings in 38 bytes each, and their place in a map: found by message id, and not to be gone through. */
export class KeptCrossings {
  readonly #rows = new Map<number, number>();
  readonly #kinds: Kind[] = [];
  readonly #kindAt = new Map<string, number>();
  readonly #chunks: Buffer[] = [];
  #count = 0;

  has(message: MessageId): boolean {
    return this.#rows.has(keyOf(message));
  }

  get(message: MessageId): KeptCrossing | undefined {
    const row = this.#rows.get(keyOf(message));
    if (row === undefined) return undefined;
    const [chunk, at] = this.#placeOf(row);
    const who = chunk.readInt32LE(at + HASH_BYTES);
    const kind = this.#kinds[chunk.readUInt16LE(at + HASH_BYTES + 4)];
    if (kind === undefined) throw new Error("a crossing that is kept has a kind");
    const hash = `0x${chunk.toString("hex", at, at + HASH_BYTES)}` as TxHash;
    return { ...kind, hash, who: who < 0 ? "funder" : who };
  }

  add(message: MessageId, { who, hash, ...kind }: KeptCrossing): void {
    const row = this.#count++;
    const [chunk, at] = this.#placeOf(row);
    chunk.write(hash.slice(2), at, "hex");
    chunk.writeInt32LE(numberOf(who), at + HASH_BYTES);
    chunk.writeUInt16LE(this.#kindOf(kind), at + HASH_BYTES + 4);
    this.#rows.set(keyOf(message), row);
  }

  #placeOf(row: number): readonly [Buffer, number] {
    const number = Math.floor(row / ROWS_PER_CHUNK);
    const chunk = this.#chunks[number] ?? Buffer.alloc(ROWS_PER_CHUNK * ROW_BYTES);
    this.#chunks[number] = chunk;
    return [chunk, (row % ROWS_PER_CHUNK) * ROW_BYTES];
  }

  #kindOf({ class: is, code, from, paidOn, asset }: Kind): number {
    const name = [is, code, from, paidOn, asset].join("\n");
    const known = this.#kindAt.get(name);
    if (known !== undefined) return known;
    this.#kindAt.set(name, this.#kinds.length);
    return this.#kinds.push({ class: is, code, from, paidOn, asset }) - 1;
  }
}

const numberOf = (who: Crosser): number => (who === "funder" ? -1 : who);

/**
 * A message id as 53 bits, two FNV-1a hashes of different beginnings mixed: of a million ids two are alike once in 18,000 runs, and
 * then only one of the two can be told.
 */
function keyOf(message: MessageId): number {
  let [low, high] = [0x811c_9dc5, 0x9e37_79b1];
  for (let at = 0; at < message.length; at++) {
    const code = message.charCodeAt(at);
    low = Math.imul(low ^ code, 0x0100_0193);
    high = Math.imul(high ^ code, 0x85eb_ca6b);
  }
  low = Math.imul(low ^ (high >>> 15), 0xc2b2_ae35);
  high = Math.imul(high ^ (low >>> 13), 0x27d4_eb2f);
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
