import { getAddress, isAddress } from "ethers";
import type { AddressBook } from "../protocol.ts";

/**
 * Contracts on L1 that the chains tell themselves: see `discover.ts`. Just one of factory and oracle is there, and with portals from
 * 4.0 on a registry beside the factory.
 */
export interface Addresses {
  readonly portal: string;
  readonly systemConfig: string;
  readonly l1Messenger: string;
  readonly l1Bridge: string;
  readonly factory: string | undefined;
  readonly oracle: string | undefined;
  readonly registry: string | undefined;
  /** Contracts beside the protocol's own, which no other tells: a target lists them, where it has them. */
  readonly l1Teleportation: string | undefined;
  readonly l2Teleportation: string | undefined;
  readonly l1Token: string | undefined;
  readonly l2Token: string | undefined;
}

/** What a list calls the contracts that only it can tell, each beside the other chain's that it is of no use without. */
const LISTED = [
  ["l1Teleportation", "Proxy__L1Teleportation", "l2Teleportation"],
  ["l2Teleportation", "Proxy__L2Teleportation", "l1Teleportation"],
  ["l1Token", "L1ERC20", "l2Token"],
  ["l2Token", "L2ERC20", "l1Token"],
] as const satisfies readonly (readonly [keyof Addresses, string, keyof Addresses])[];

/** Picks those contracts out of a list of addresses by name, or tells what is wrong with the list. */
export function pickAddresses(
  listed: Readonly<Record<string, unknown>>,
): { addresses: AddressBook } | { mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const addresses: Record<string, string> = {};
  for (const [contract, name] of LISTED) {
    const address = listed[name];
    if (address === undefined) continue;
    if (isAddress(address)) addresses[contract] = getAddress(address);
    else mistakes.push(`${name} is no address, or its checksum is wrong`);
  }
  for (const [contract, name, other] of LISTED) {
    if (addresses[contract] !== undefined && addresses[other] === undefined)
      mistakes.push(`${name} is listed without the other chain's`);
  }
  return mistakes.length > 0 ? { mistakes } : { addresses };
}

/** The addresses that were picked and discovered, by the protocol's own names. */
export function opStackAddresses(book: AddressBook): Addresses {
  const of = (name: keyof Addresses): string => {
    const address = book[name];
    if (address === undefined) throw new Error(`the address book has no ${name}`);
    return address;
  };
  return {
    portal: of("portal"),
    systemConfig: of("systemConfig"),
    l1Messenger: of("l1Messenger"),
    l1Bridge: of("l1Bridge"),
    factory: book["factory"],
    oracle: book["oracle"],
    registry: book["registry"],
    l1Teleportation: book["l1Teleportation"],
    l2Teleportation: book["l2Teleportation"],
    l1Token: book["l1Token"],
    l2Token: book["l2Token"],
  };
}
