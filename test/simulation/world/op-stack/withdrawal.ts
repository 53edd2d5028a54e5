import { AbiCoder, keccak256, type Result } from "ethers";

/** What is withdrawn, as L2's passer and L1's portal have it. Wei. */
export interface SimWithdrawal {
  readonly nonce: bigint;
  readonly sender: string;
  readonly target: string;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly data: string;
}

/** `Hashing.hashWithdrawal` */
export const hashOf = ({ nonce, sender, target, value, gasLimit, data }: SimWithdrawal): string =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "address", "uint256", "uint256", "bytes"],
      [nonce, sender, target, value, gasLimit, data],
    ),
  );

/** A withdrawal as the portal's functions are given it. */
export const withdrawalIn = (tuple: Result): SimWithdrawal => ({
  nonce: BigInt(tuple[0]),
  sender: String(tuple[1]).toLowerCase(),
  target: String(tuple[2]).toLowerCase(),
  value: BigInt(tuple[3]),
  gasLimit: BigInt(tuple[4]),
  data: String(tuple[5]),
});
