import { concat, dataSlice, keccak256, zeroPadValue, ZeroHash, toBeHex } from "ethers";
import { serializedDeposit } from "../../../../fixtures/local-stack/op-stack/deposit.ts";
import type { TxHash } from "../../../../stress/engine/rpc/index.ts";
import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import type { SimBlock, SimChain } from "../chain.ts";
import { type Json, receiptsOf } from "../json.ts";
import type { Service } from "../service.ts";
import { AT, DEPOSITOR } from "./contracts.ts";
import type { L1State } from "./l1-state.ts";
import type { L2State } from "./l2-state.ts";

const TOPIC = ABI.OptimismPortal.getEvent("TransactionDeposited")?.topicHash;

const DEPOSIT_TYPE = "0x7e";

/** Domain of the source hash: deposits of users. */
const USER_DEPOSIT = ZeroHash;

interface DepositLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly logIndex: string;
}

/** Tells L2 of L1's blocks up to this one, as the first transaction of each of its own does. */
export const attributes = (l1Block: number): Service<L2State> => ({
  label: `L1 block ${l1Block}`,
  type: DEPOSIT_TYPE,
  call: { from: DEPOSITOR, to: DEPOSITOR, value: 0n, data: "0x" },
  run: (state) => {
    state.derivedTo = l1Block;
    return [];
  },
});

/** What a block of L1 has L2 execute, in its order (specs.optimism.io/protocol/deposits.html). */
export const depositsOf = (block: SimBlock<L1State>, l1: SimChain<L1State>): Service<L2State>[] =>
  receiptsOf(block, l1)
    .flatMap(({ logs }: Json) => logs as readonly DepositLog[])
    .filter(({ address, topics }) => address === AT.portal && topics[0] === TOPIC)
    .map((log) => depositOf(log, block));

/** Whatever is minted is what the call carries, here: the portal has no other deposits made. */
function depositOf({ topics, data, logIndex }: DepositLog, { hash: blockHash }: SimBlock): Service<L2State> {
  const { from, to, opaqueData } = ABI.OptimismPortal.decodeEventLog("TransactionDeposited", data, [
    ...topics,
  ]);
  const opaque = String(opaqueData);
  const uint = (start: number, end: number): bigint => BigInt(dataSlice(opaque, start, end));
  const [mint, value, gas] = [uint(0, 32), uint(32, 64), uint(64, 72)];
  const calldata = dataSlice(opaque, 73);
  const position = keccak256(concat([blockHash, zeroPadValue(toBeHex(BigInt(logIndex)), 32)]));
  const sourceHash = keccak256(concat([USER_DEPOSIT, position]));
  const fields = {
    sourceHash,
    from: String(from),
    to: String(to),
    mint,
    value,
    gas,
    data: calldata,
    l1Block: 0,
  };
  const hash = keccak256(serializedDeposit(fields)) as TxHash;
  const call = { from: String(from).toLowerCase(), to: String(to).toLowerCase(), value, data: calldata };
  return {
    label: hash,
    hash,
    type: DEPOSIT_TYPE,
    call,
    run: (state, place) => {
      state.derived++;
      state.credit(call.from, mint);
      state.nonces.set(call.from, state.nonce(call.from) + 1);
      state.move(call.from, call.to, value);
      const logs = state.execute(place, call);
      if (logs === undefined)
        throw new Error(`the deposit ${hash} does what none of this world does: it reverts`);
      return logs;
    },
  };
}
