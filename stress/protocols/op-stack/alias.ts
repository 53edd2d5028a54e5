import { getAddress, toBeHex } from "ethers";

const OFFSET = 0x1111000000000000000000000000000000001111n;

/** The address under which an L1 contract acts on L2: `AddressAliasHelper.applyL1ToL2Alias`. */
export const aliasOf = (l1Contract: string): string =>
  getAddress(toBeHex(BigInt.asUintN(160, BigInt(l1Contract) + OFFSET), 20));
