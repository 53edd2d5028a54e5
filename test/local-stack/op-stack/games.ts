import { concat, Contract, type JsonRpcProvider, keccak256, toQuantity, ZeroHash } from "ethers";
import type { OpBed } from "./op-bed.ts";

const MESSAGE_PASSER = "0x4200000000000000000000000000000000000016";

const FACTORY = [
  "function gameCount() view returns (uint256)",
  "function gameAtIndex(uint256) view returns (uint32 gameType, uint64 createdAt, address proxy)",
];
const GAME = [
  "function l2BlockNumber() view returns (uint256)",
  "function rootClaim() view returns (bytes32)",
  "function status() view returns (uint8)",
  "function createdAt() view returns (uint64)",
];

/** What a game by L2 block claims. */
export interface GameClaim {
  readonly l2Block: number;
  readonly root: string;
  /** 0 in progress, 1 won by the challenger, 2 won by the defender. */
  readonly status: number;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The claims of all games by L2 block, oldest first. */
export async function claims(bed: OpBed): Promise<GameClaim[]> {
  const l1 = bed.providers[1];
  const factory = new Contract(bed.at("DisputeGameFactory"), FACTORY, l1);
  const count = Number(await factory.getFunction("gameCount").staticCall());
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { proxy } = await factory.getFunction("gameAtIndex").staticCall(index);
      const game = new Contract(String(proxy), GAME, l1);
      return {
        l2Block: Number(await game.getFunction("l2BlockNumber").staticCall()),
        root: String(await game.getFunction("rootClaim").staticCall()),
        status: Number(await game.getFunction("status").staticCall()),
        createdAt: Number(await game.getFunction("createdAt").staticCall()),
      };
    }),
  );
}

/**
 * The output root of an L2 block, as clients reckon it.
 *
 * @throws where the proof of an account does not end in the header's state root
 */
export async function outputRoot(l2: JsonRpcProvider, block: number): Promise<string> {
  const at = toQuantity(block);
  const header = (await l2.send("eth_getBlockByNumber", [at, false])) as { stateRoot: string; hash: string };
  const proof = (await l2.send("eth_getProof", [MESSAGE_PASSER, [], at])) as {
    storageHash: string;
    accountProof: string[];
  };
  if (keccak256(proof.accountProof[0] ?? "0x") !== header.stateRoot) {
    throw new Error(`block ${block} has another state than its header tells`);
  }
  return keccak256(concat([ZeroHash, header.stateRoot, proof.storageHash, header.hash]));
}
