import { toBeHex } from "ethers";
import { aliasOf } from "../../../../stress/protocols/op-stack/alias.ts";
import { PREDEPLOYS } from "../../../../stress/protocols/op-stack/predeploys.ts";
import { addressOf } from "../../../fakes/contracts.ts";

const lower = (address: string): string => address.toLowerCase();

/** Where a simulated OP Stack rollup has its contracts. Lower case. */
export const AT = {
  portal: lower(addressOf(900)),
  systemConfig: lower(addressOf(901)),
  factory: lower(addressOf(902)),
  registry: lower(addressOf(903)),
  messenger: { 1: lower(addressOf(904)), 2: lower(PREDEPLOYS.messenger) },
  bridge: { 1: lower(addressOf(905)), 2: lower(PREDEPLOYS.standardBridge) },
  fastBridge: { 1: lower(addressOf(906)), 2: lower(addressOf(907)) },
  token: { 1: lower(addressOf(908)), 2: lower(addressOf(909)) },
  passer: lower(PREDEPLOYS.messagePasser),
} as const;

/** Whoever pays out deposits in the fast bridge. */
export const DISBURSER = lower(addressOf(910));

/** Whoever tells L2 of L1's blocks (specification `deposits`: the depositor account). */
export const DEPOSITOR = "0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001";

/** As whom L1's messenger acts on L2. */
export const L1_MESSENGER_ON_L2 = lower(aliasOf(AT.messenger[1]));

export const CHAIN_IDS = { 1: 31_338n, 2: 31_339n } as const;

/** Versions of messages and withdrawals are above their numbers. */
const VERSION = 1n << 240n;

/** A message's nonce, or a withdrawal's: version 1, and how many there were before. */
export const nonceOf = (number: number): bigint => VERSION | BigInt(number);

/** The factory's games: where each is, by its number. */
const GAMES = 0x9a3e_0000;
export const gameAddress = (index: number): string => toBeHex(GAMES + index, 20);
export const gameIndex = (address: string): number => Number(BigInt(address) - BigInt(GAMES));
