import { getAddress, toBeHex } from "ethers";
import { Contracts } from "../../stress/protocols/ovm2/contracts.ts";

/** A checksummed address that is easily told apart from others. */
export const addressOf = (number: number): string => getAddress(toBeHex(0xabc0_0000 + number, 20));

/** Contracts at made-up addresses. */
export const contracts = new Contracts({
  l1Pool: addressOf(1),
  l2Pool: addressOf(2),
  l1Bridge: addressOf(3),
  l1Messenger: addressOf(4),
  fastMessenger: addressOf(5),
  ctc: addressOf(6),
  scc: addressOf(7),
});
