import { getAddress, isAddress } from "ethers";
import type { AddressBook } from "../protocol.ts";
import type { Addresses } from "./contracts.ts";

/** The names a contract goes by, best first. */
const NAMES: Readonly<Record<keyof Addresses, readonly string[]>> = {
  l1Pool: ["Proxy__L1LiquidityPool"],
  l2Pool: ["Proxy__L2LiquidityPool"],
  l1Bridge: ["Proxy__L1StandardBridge", "Proxy__OVM_L1StandardBridge"],
  l1Messenger: [
    "Proxy__L1CrossDomainMessenger",
    "Proxy__OVM_L1CrossDomainMessenger",
    "L1CrossDomainMessenger",
    "OVM_L1CrossDomainMessenger",
  ],
  fastMessenger: ["Proxy__L1CrossDomainMessengerFast"],
  ctc: ["CanonicalTransactionChain", "OVM_CanonicalTransactionChain"],
  scc: ["StateCommitmentChain", "OVM_StateCommitmentChain"],
};

/** Picks the bridge's contracts out of a list of addresses by name, or names those that are missing. */
export function pickAddresses(
  listed: Readonly<Record<string, unknown>>,
): { addresses: AddressBook } | { missing: readonly string[] } {
  const missing: string[] = [];
  const addresses: Record<string, string> = {};
  for (const [contract, names] of Object.entries(NAMES)) {
    const found = names.map((name) => listed[name]).find((value) => isAddress(value));
    if (found === undefined) missing.push(names.join(" or "));
    else addresses[contract] = getAddress(found);
  }
  return missing.length > 0 ? { missing } : { addresses };
}

/** The addresses that `pickAddresses` picked, by the protocol's own names. */
export function ovmAddresses(book: AddressBook): Addresses {
  const of = (name: keyof Addresses): string => {
    const address = book[name];
    if (address === undefined) throw new Error(`the address book has no ${name}`);
    return address;
  };
  return {
    l1Pool: of("l1Pool"),
    l2Pool: of("l2Pool"),
    l1Bridge: of("l1Bridge"),
    l1Messenger: of("l1Messenger"),
    fastMessenger: of("fastMessenger"),
    ctc: of("ctc"),
    scc: of("scc"),
  };
}
