/** A number in [0, 1) for each thing that has to be decided. The same label gives the same number again. */
export type Draws = (label: string) => number;

const BITS = 48;

/**
 * The draws of a child's `turn`-th choice. They depend on seed, child and turn alone, not on what was drawn before: so
 * the same seed gives each child the same sequence of choices, however a run's timing differs.
 */
export function drawsOf(seed: number, child: number, turn: number): Draws {
  const [low, high] = [seed | 0, Math.floor(seed / 2 ** 32)];
  // A seed beyond 32 bits is another one than its lower half (the constant is 2^32 by the golden ratio).
  const key = low ^ Math.imul(high, 0x9e37_79b1);
  return (label) => mixed(key, child, turn, numberOf(label));
}

/** A label as 32 bits: FNV-1a (Fowler, Noll and Vo; RFC 9923). */
function numberOf(label: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < label.length; at++) hash = Math.imul(hash ^ label.charCodeAt(at), 0x0100_0193);
  return hash;
}

/** Rounds after which four words have gone through all of a state (PractRand throws as many away). */
const ROUNDS = 15;

/** Four words as one number in [0, 1): sfc32 of Chris Doty-Humphrey's PractRand. Nothing that it decides has to be kept secret. */
function mixed(first: number, second: number, third: number, fourth: number): number {
  let [a, b, c, counter] = [first | 0, second | 0, third | 0, fourth | 0];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < ROUNDS; round++) next();
  return (next() * 2 ** (BITS - 32) + (next() >>> (64 - BITS))) / 2 ** BITS;
}

/** A whole number in [0, below). */
export const wholeBelow = (draw: number, below: number): number => Math.floor(draw * below);
