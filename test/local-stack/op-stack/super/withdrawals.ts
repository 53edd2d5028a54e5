import { AbiCoder, keccak256, parseEther } from "ethers";
import type { Deployed, Game, Output, Proof, Withdrawal } from "./deployed.ts";

export const TARGET = "0x00000000000000000000000000000000000A11cE";
export const VALUE = parseEther("1.25");

const FIELDS = ["uint256", "address", "address", "uint256", "uint256", "bytes"];

/** A withdrawal that L2 has, with what proves it. */
export interface Sent {
  readonly withdrawal: Withdrawal;
  readonly hash: string;
  readonly output: Output & { readonly branch: readonly string[] };
}

export const hashOf = ({ nonce, sender, target, value, gasLimit, data }: Withdrawal): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(FIELDS, [nonce, sender, target, value, gasLimit, data]));

/** Withdraws on L2. */
export async function withdrawn(it: Deployed, target = TARGET, data = "0x"): Promise<Sent> {
  const withdrawal = await it.withdraw(target, VALUE, data);
  const hash = hashOf(withdrawal);
  return { withdrawal, hash, output: await it.output(hash) };
}

export const proofBy = ({ index }: Game, { output }: Sent): Proof => ({
  game: index,
  output: output.proof,
  branch: output.branch,
});

/** A withdrawal that is proved by a new game of type 9. */
export async function proven(
  it: Deployed,
  target = TARGET,
  data = "0x",
): Promise<Sent & { readonly game: Game }> {
  const sent = await withdrawn(it, target, data);
  const game = await it.propose(9, sent.output);
  await it.pass(1);
  await it.prove(sent.withdrawal, proofBy(game, sent));
  return { ...sent, game };
}
