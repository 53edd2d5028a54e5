import { ZeroAddress } from "ethers";
import type { Chain } from "../../../../stress/engine/base/index.ts";
import { ABI, POOL_ABI, POOL_ETH } from "../../../../stress/protocols/ovm2/contracts.ts";
import { messageId } from "../../../../stress/protocols/ovm2/messages.ts";
import { PREDEPLOYS } from "../../../../stress/protocols/ovm2/predeploys.ts";
import { contracts } from "../../../fakes/contracts.ts";
import type { FakeLog } from "../../../fakes/chain.ts";
import { eventLog } from "../../../fakes/events.ts";
import type { Call, Effect, Place } from "../call.ts";
import { parseCall } from "../calls.ts";
import { CALL_GAS, PAYMENT_GAS } from "../fees.ts";
import type { OvmState, SentMessage } from "./state.ts";

const lower = (address: string): string => address.toLowerCase();

export const POOL = { 1: lower(contracts.pool[1]), 2: lower(contracts.pool[2]) } as const;
export const BRIDGE = { 1: lower(contracts.bridge[1]), 2: lower(contracts.bridge[2]) } as const;

/** Where ETH goes that L2's bridge burns, and where what it mints comes from: the supply of both chains can be told. */
export const BURNED = lower(PREDEPLOYS.eth);

export const SCC = lower(contracts.addresses.scc);

/** How long a slow exit waits after its block, as the SCC tells it. Seconds. */
export const WINDOW_S = 6;

/** Gas that a call takes: as estimated, so it takes. */
export const gasOf = (chain: Chain, { to, data }: Pick<Call, "to" | "data">): bigint =>
  data === "0x" ? PAYMENT_GAS : to === POOL[chain] || to === BRIDGE[chain] ? CALL_GAS : 30_000n;

const messengerOf = (chain: Chain, kind: SentMessage["kind"]): string =>
  chain === 2
    ? PREDEPLOYS.messenger
    : kind === "slow"
      ? contracts.addresses.l1Messenger
      : contracts.addresses.fastMessenger;

/** Sends a message to the other chain. */
function send(
  state: OvmState,
  { chain, block, at }: Place,
  kind: SentMessage["kind"],
  to: string,
  amount: bigint,
): FakeLog {
  const message = {
    target: contracts.pool[chain],
    sender: contracts.pool[chain],
    message: `0x${amount.toString(16).padStart(64, "0")}`,
    messageNonce: state.messageNonce++,
  };
  state.sent.push({ ...message, id: messageId(message), kind, to, amount, block, at });
  const { target, sender, messageNonce } = message;
  // Deposits go through L1's own messenger, whichever way they take.
  const from = chain === 1 ? contracts.addresses.l1Messenger : messengerOf(2, kind);
  return eventLog(from, "CrossDomainMessenger", "SentMessage", [
    target,
    sender,
    message.message,
    messageNonce,
    1n,
  ]);
}

/** Executes a call: what the predecessor's contracts do, as far as a run can tell. The call's value is moved already. */
export function execute(state: OvmState, place: Place, call: Call): Effect {
  const { chain } = place;
  if (call.to === POOL[chain]) return executePool(state, place, call);
  if (call.to === BRIDGE[chain]) return executeBridge(state, place, call);
  // A transfer, or a call of an account without code.
  return [];
}

function executePool(state: OvmState, place: Place, { from, data, value }: Call): Effect {
  const { chain } = place;
  const abi = chain === 1 ? "L1LiquidityPool" : "L2LiquidityPool";
  const eth = POOL_ETH[chain];
  const emit = (event: string, args: readonly unknown[]): FakeLog =>
    eventLog(contracts.pool[chain], abi, event, args);
  const parsed = parseCall(POOL_ABI[chain], data);
  const [amount, , to] = (parsed?.args.toArray() ?? []).map(String);
  switch (parsed?.name) {
    case "addLiquidity":
      state.stakes.set(from, state.stake(from) + value);
      return [emit("AddLiquidity", [from, value, eth])];
    case "withdrawLiquidity": {
      const wei = BigInt(amount ?? 0);
      if (state.stake(from) < wei || !state.move(POOL[chain], lower(to ?? ""), wei)) return undefined;
      state.stakes.set(from, state.stake(from) - wei);
      return [emit("WithdrawLiquidity", [from, to, wei, eth])];
    }
    case "clientDepositL1":
    case "clientDepositL2":
      return [emit(`ClientDepositL${chain}`, [from, value, eth]), send(state, place, "fast", from, value)];
    case undefined:
    default:
      return undefined;
  }
}

function executeBridge(state: OvmState, place: Place, { from, data, value }: Call): Effect {
  const abi = place.chain === 1 ? ABI.L1StandardBridge : ABI.L2StandardBridge;
  const parsed = parseCall(abi, data);
  if (parsed?.name === "depositETH") return [send(state, place, "slow", from, value)];
  if (parsed?.name !== "withdraw") return undefined;
  const wei = BigInt(parsed.args[1]);
  if (!state.move(from, BURNED, wei)) return undefined;
  return [send(state, place, "slow", from, wei)];
}

/** Relays a message on the chain it was sent to, and pays it out. */
export function relay(state: OvmState, place: Place, sent: SentMessage): Effect {
  const { chain } = place;
  if (state.relayed.has(sent.id)) return undefined;
  state.relayed.add(sent.id);
  const messenger = messengerOf(chain, sent.kind);
  const relayed = eventLog(messenger, "CrossDomainMessenger", "RelayedMessage", [sent.id]);
  return [...pay(state, place, sent), relayed];
}

function pay(state: OvmState, place: Place, { kind, to, amount }: SentMessage): FakeLog[] {
  const { chain } = place;
  if (kind === "slow") {
    state.move(chain === 1 ? BRIDGE[1] : BURNED, to, amount);
    return chain === 1
      ? [eventLog(contracts.bridge[1], "L1StandardBridge", "ETHWithdrawalFinalized", [to, to, amount, "0x"])]
      : [
          eventLog(contracts.bridge[2], "L2StandardBridge", "DepositFinalized", [
            ZeroAddress,
            PREDEPLOYS.eth,
            to,
            to,
            amount,
            "0x",
          ]),
        ];
  }
  const abi = chain === 1 ? "L1LiquidityPool" : "L2LiquidityPool";
  const event = `ClientPayL${chain}${kind === "settlement" ? "Settlement" : ""}`;
  if (state.move(POOL[chain], to, amount))
    return [eventLog(contracts.pool[chain], abi, event, [to, amount, 0n, 0n, 0n, POOL_ETH[chain]])];
  return [send(state, place, "settlement", to, amount)];
}
