import { toBeHex, ZeroAddress } from "ethers";
import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import { type Answers, answered, reverted } from "./answers.ts";
import { AT, CHAIN_IDS, gameAddress } from "./contracts.ts";
import { readFastBridge } from "./fast-bridge.ts";
import { CLOCK_S, FINALITY_S, MATURITY_S, type SimGame } from "./games.ts";
import type { L1State } from "./l1-state.ts";
import { readMessenger } from "./messenger.ts";
import { isFinalisable } from "./portal.ts";
import { readToken } from "./token.ts";

const lower = (address = ""): string => address.toLowerCase();

/** What L1's contracts answer. @param to in lower case @throws {RpcError} */
export function readL1(state: L1State, to: string, data: string): string {
  if (data === "0x") return "0x";
  const { games } = state;
  switch (to) {
    case AT.portal:
      return answered([ABI.OptimismPortal, ABI.ProvenGames], data, portal(state));
    case AT.factory:
      return answered([ABI.DisputeGameFactory], data, factory(state));
    case AT.registry:
      return answered([ABI.AnchorStateRegistry], data, registry(state));
    case AT.systemConfig:
      return answered([ABI.SystemConfig], data, {
        optimismPortal: () => [AT.portal],
        l2ChainId: () => [CHAIN_IDS[2]],
      });
    case AT.messenger[1]:
      return readMessenger(state, data, { portal: () => [AT.portal] });
    case AT.bridge[1]:
      return answered([ABI.StandardBridge], data, { otherBridge: () => [AT.bridge[2]] });
    case AT.fastBridge[1]:
      return readFastBridge(state, data);
    case AT.token[1]:
      return readToken(state, data);
    default: {
      const game = games.at(to);
      if (game === undefined) throw reverted();
      return answered([ABI.DisputeGame], data, answersOf(game));
    }
  }
}

/** As portals from 4.0 on have it: they ask the registry, and keep one proof of each sender. */
const portal = (state: L1State): Answers => {
  const { games, finalised, proven, now } = state;
  return {
    systemConfig: () => [AT.systemConfig],
    disputeGameFactory: () => [AT.factory],
    anchorStateRegistry: () => [AT.registry],
    paused: () => [games.isPaused(now)],
    respectedGameType: () => [games.respectedType],
    proofMaturityDelaySeconds: () => [MATURITY_S],
    disputeGameFinalityDelaySeconds: () => [FINALITY_S],
    finalizedWithdrawals: (hash = "") => [finalised.has(hash)],
    "provenWithdrawals(bytes32,address)": (hash, submitter) => {
      const proof = proven.get(`${hash} ${lower(submitter)}`);
      return proof === undefined ? [ZeroAddress, 0] : [proof.game, proof.at];
    },
    "checkWithdrawal(bytes32,address)": (hash = "", submitter) => {
      if (!isFinalisable(state, hash, lower(submitter), now)) throw reverted();
      return [];
    },
  };
};

const factory = ({ games: { all } }: L1State): Answers => ({
  gameCount: () => [all.length],
  gameAtIndex: (index) => {
    const game = all[Number(index)];
    if (game === undefined) throw reverted();
    return [game.type, game.createdAt, gameAddress(Number(index))];
  },
});

const registry = ({ games, now }: L1State): Answers => {
  const about = (judge: (game: SimGame) => boolean) => (address?: string) => {
    const game = games.at(address ?? "0x");
    return [game !== undefined && judge(game)];
  };
  return {
    disputeGameFactory: () => [AT.factory],
    isGameProper: about((game) => games.isProper(game, now)),
    isGameRespected: about((game) => game.wasRespected),
    isGameClaimValid: about((game) => games.isValid(game, now)),
  };
};

const answersOf = (game: SimGame): Answers => ({
  gameType: () => [game.type],
  createdAt: () => [game.createdAt],
  resolvedAt: () => [game.resolvedAt],
  status: () => [game.status],
  rootClaim: () => [game.root],
  extraData: () => [toBeHex(game.block, 32)],
  l2SequenceNumber: () => [game.block],
  maxClockDuration: () => [CLOCK_S],
  wasRespectedGameTypeWhenCreated: () => [game.wasRespected],
});
