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

/** Contracts that stand on L1, each at an address of its own. */
const ON_L1: readonly (keyof Addresses)[] = [
  "l1Pool",
  "l1Bridge",
  "l1Messenger",
  "fastMessenger",
  "ctc",
  "scc",
];

/** Picks the bridge's contracts out of a list of addresses by name, or tells what is wrong with the list. */
export function pickAddresses(
  listed: Readonly<Record<string, unknown>>,
): { addresses: AddressBook } | { mistakes: readonly string[] } {
  const missing: string[] = [];
  const mistakes: string[] = [];
  const addresses: Record<string, string> = {};
  for (const [contract, names] of Object.entries(NAMES)) {
    const name = names.find((one) => isAddress(lowerCase(listed[one])));
    const address = name === undefined ? undefined : listed[name];
    if (name === undefined) missing.push(names.join(" or "));
    else if (!isAddress(address)) mistakes.push(`the checksum of ${name} is wrong: a digit is mistyped`);
    else addresses[contract] = getAddress(address);
  }
  if (missing.length > 0) mistakes.unshift(`${missing.join(", ")} not listed`);
  mistakes.push(...sharedAddresses(addresses));
  return mistakes.length > 0 ? { mistakes } : { addresses };
}

const lowerCase = (value: unknown): unknown => (typeof value === "string" ? value.toLowerCase() : value);

/** Two contracts of one chain at one address: a mistake of copying, by which a run's money would go to the wrong one. */
function sharedAddresses(addresses: Readonly<Record<string, string>>): string[] {
  const owners = new Map<string, keyof Addresses>();
  return ON_L1.flatMap((contract) => {
    const address = addresses[contract];
    if (address === undefined) return [];
    const owner = owners.get(address);
    owners.set(address, contract);
    return owner === undefined ? [] : [`${NAMES[owner][0]} and ${NAMES[contract][0]} have the same address`];
  });
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
