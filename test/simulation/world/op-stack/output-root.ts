import { concat, keccak256, type Result } from "ethers";

/** The output root that a proof is of: `Hashing.hashOutputRootProof`. */
export const outputRootIn = (proof: Result): string => keccak256(concat(proof.toArray().map(String)));
