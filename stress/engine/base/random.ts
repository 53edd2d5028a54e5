import { createHash } from "node:crypto";

/** A number in [0, 1) for each thing that has to be decided. The same label gives the same number again. */
export type Draws = (label: string) => number;

const BITS = 48;

/**
 * The draws of a child's `turn`-th choice. They depend on seed, child and turn alone, not on what was drawn before: so
 * the same seed gives each child the same sequence of choices, however a run's timing differs.
 */
export function drawsOf(seed: number, child: number, turn: number): Draws {
  return (label) => {
    const digest = createHash("sha256").update(`${seed}/${child}/${turn}/${label}`).digest();
    return digest.readUIntBE(0, BITS / 8) / 2 ** BITS;
  };
}

/** A whole number in [0, below). */
export const wholeBelow = (draw: number, below: number): number => Math.floor(draw * below);
