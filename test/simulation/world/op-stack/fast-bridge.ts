import { ZeroAddress } from "ethers";
import { otherChain } from "../../../../stress/engine/base/index.ts";
import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import type { Call, Effect } from "../call.ts";
import { parseCall } from "../calls.ts";
import { answered } from "./answers.ts";
import { AT, CHAIN_IDS, DISBURSER } from "./contracts.ts";
import { logOf } from "./events.ts";
import type { FastDeposit, OpState } from "./state.ts";

const FAST = ABI.Teleportation;
const ETHER = 10n ** 18n;

/** What the fast bridge takes of one deposit, and of a day. Wei. */
const LEAST = 10n ** 12n;
const MOST = 100n * ETHER;
const MOST_IN_A_DAY = 10_000n * ETHER;

/** A deposit in the fast bridge. */
export function callFastBridge(state: OpState, { from, data, value }: Call): Effect {
  const { chain } = state;
  const call = parseCall(FAST, data);
  if (call?.name !== "teleportAsset") return undefined;
  const [token, amount, to] = call.args.toArray().map(String);
  if (
    token !== ZeroAddress ||
    BigInt(amount ?? 0) !== value ||
    BigInt(to ?? 0) !== CHAIN_IDS[otherChain(chain)]
  )
    return undefined;
  if (value < LEAST || value > MOST) return undefined;
  const number = state.fastDeposits.push({ from, amount: value }) - 1;
  const args = [ZeroAddress, CHAIN_IDS[chain], to, number, from, value];
  return [logOf(AT.fastBridge[chain], FAST, "AssetReceived", args)];
}

/** Pays out the next deposit of the other chain, in its order; or fails to, and keeps its money in the contract. */
export function disburse(state: OpState, number: number, deposit: FastDeposit, fails: boolean): Effect {
  if (state.fastPaid !== number) return undefined;
  const { from: to, amount } = deposit;
  const contract = AT.fastBridge[state.chain];
  if (!state.move(DISBURSER, fails ? contract : to, amount)) return undefined;
  state.fastPaid++;
  const source = CHAIN_IDS[otherChain(state.chain)];
  if (!fails)
    return [logOf(contract, FAST, "DisbursementSuccess", [number, to, ZeroAddress, amount, source])];
  state.fastStuck.set(number, deposit);
  return [logOf(contract, FAST, "DisbursementFailed", [number, to, amount, source])];
}

/** Tries once more what could not be paid out. */
export function disburseAgain(state: OpState, number: number): Effect {
  const stuck = state.fastStuck.get(number);
  const contract = AT.fastBridge[state.chain];
  if (stuck === undefined || !state.move(contract, stuck.from, stuck.amount)) return undefined;
  state.fastStuck.delete(number);
  const source = CHAIN_IDS[otherChain(state.chain)];
  return [logOf(contract, FAST, "DisbursementRetrySuccess", [number, stuck.from, stuck.amount, source])];
}

export const readFastBridge = (state: OpState, data: string): string =>
  answered([FAST], data, {
    disburser: () => [DISBURSER],
    paused: () => [false],
    supportedTokens: () => [true, LEAST, MOST, MOST_IN_A_DAY, 0n, 0n],
    totalDisbursements: () => [state.fastPaid],
    failedNativeDisbursements: (number) => [
      state.fastStuck.has(Number(number)),
      [ZeroAddress, 0n, ZeroAddress, 0n, 0n],
    ],
  });
