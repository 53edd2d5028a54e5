import { computeAddress, getAddress } from "ethers";
import type { Target } from "./target.ts";

/**
 * The account of a private key, given with or without 0x. A key that belongs to another address than the one beside it
 * is added to `mistakes`, by addresses only.
 */
export function accountOf(
  place: string,
  key: string,
  address: string | undefined,
  mistakes: string[],
): Target["funder"] | undefined {
  const full = key.startsWith("0x") ? key : `0x${key}`;
  let own: string;
  try {
    own = computeAddress(full);
  } catch {
    mistakes.push(`${place}: the private key is out of range`);
    return undefined;
  }
  if (address !== undefined && getAddress(address.toLowerCase()) !== own) {
    mistakes.push(`${place}: the private key belongs to ${own}, not to ${address}`);
    return undefined;
  }
  return { address: own, key: full };
}
