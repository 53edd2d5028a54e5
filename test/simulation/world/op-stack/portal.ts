import { concat, toBeHex, type Result } from "ethers";
import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import { slotOf } from "../../../../stress/protocols/op-stack/withdrawals/withdrawal.ts";
import type { FakeLog } from "../../../fakes/chain.ts";
import type { Call, Effect, Place } from "../call.ts";
import { parseCall } from "../calls.ts";
import { AT, gameAddress } from "./contracts.ts";
import { logOf } from "./events.ts";
import { CHALLENGER_WINS, MATURITY_S } from "./games.ts";
import type { L1State } from "./l1-state.ts";
import { MADE } from "./l2-state.ts";
import { messageIn, relay } from "./messenger.ts";
import { outputRootIn } from "./output-root.ts";
import { hashOf, type SimWithdrawal, withdrawalIn } from "./withdrawal.ts";

const PORTAL = ABI.OptimismPortal;

/** What L2 is to carry out. Wei. */
export interface Depositing {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly gas: bigint;
  readonly data: string;
}

/** Tells L2 of a deposit, whose whole value is minted there (opaque data of version 0). */
export function depositLog({ from, to, value, gas, data }: Depositing): FakeLog {
  const opaque = concat([toBeHex(value, 32), toBeHex(value, 32), toBeHex(gas, 8), "0x00", data]);
  return logOf(AT.portal, PORTAL, "TransactionDeposited", [from, to, 0, opaque]);
}

/** A call of the portal: a deposit, a proof, or what finalises a withdrawal. */
export function callPortal(state: L1State, place: Place, { from, data, value }: Call): Effect {
  const call = parseCall(PORTAL, data);
  if (call?.name === "depositTransaction") {
    const [to, wei, gas, isCreation, calldata] = call.args.toArray().map(String);
    if (BigInt(wei ?? 0) !== value || isCreation !== "false") return undefined;
    state.portalDeposits++;
    const deposit = {
      from,
      to: (to ?? "").toLowerCase(),
      value,
      gas: BigInt(gas ?? 0),
      data: calldata ?? "0x",
    };
    return [depositLog(deposit)];
  }
  if (call === undefined || state.games.isPaused(place.timestamp)) return undefined;
  if (call.name === "proveWithdrawalTransaction") return prove(state, place, from, call.args);
  if (call.name !== "finalizeWithdrawalTransaction") return undefined;
  return finalise(state, place, from, withdrawalIn(call.args[0] as Result));
}

/** The order of the portal's checks is of no account here: nobody is told which one failed. */
function prove(state: L1State, { timestamp }: Place, submitter: string, args: Result): Effect {
  const withdrawal = withdrawalIn(args[0] as Result);
  const index = Number(args[1]);
  const [output, nodes] = [args[2] as Result, (args[3] as Result).toArray().map(String)];
  const { games } = state;
  const game = games.all[index];
  if (game === undefined || !games.isProper(game, timestamp) || !game.wasRespected) return undefined;
  if (game.status === CHALLENGER_WINS || game.createdAt >= timestamp) return undefined;
  if (outputRootIn(output) !== game.root) return undefined;
  const hash = hashOf(withdrawal);
  if (!isProved(state, String(output[2]), slotOf(hash), nodes)) return undefined;
  state.proven.set(`${hash} ${submitter}`, { game: gameAddress(index), at: timestamp });
  const { sender, target } = withdrawal;
  return [logOf(AT.portal, PORTAL, "WithdrawalProven", [hash, sender, target])];
}

/** Whether these nodes are the way to what a slot has in a trie with this root. */
function isProved({ tries }: L1State, root: string, slot: string, nodes: readonly string[]): boolean {
  const trie = tries.get(root);
  return trie !== undefined && trie.value(slot) === MADE && trie.proof(slot).join() === nodes.join();
}

/** What `checkWithdrawal` says. @param now Unix seconds */
export function isFinalisable(state: L1State, hash: string, submitter: string, now: number): boolean {
  const { games, proven, finalised } = state;
  const proof = proven.get(`${hash} ${submitter}`);
  const game = proof && games.at(proof.game);
  if (proof === undefined || game === undefined || finalised.has(hash)) return false;
  return proof.at > game.createdAt && now - proof.at > MATURITY_S && games.isValid(game, now);
}

function finalise(
  state: L1State,
  { timestamp }: Place,
  submitter: string,
  withdrawal: SimWithdrawal,
): Effect {
  const hash = hashOf(withdrawal);
  if (!isFinalisable(state, hash, submitter, timestamp)) return undefined;
  const { target, value, data } = withdrawal;
  const message = messageIn(data);
  if (target !== AT.messenger[1] || message === undefined) return undefined;
  if (!state.move(AT.portal, AT.messenger[1], value)) return undefined;
  state.finalised.add(hash);
  const relayed = relay(state, message);
  return [...(relayed ?? []), logOf(AT.portal, PORTAL, "WithdrawalFinalized", [hash, relayed !== undefined])];
}
