import { otherChain } from "../../../../stress/engine/base/index.ts";
import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import type { CrossDomainMessage } from "../../../../stress/protocols/op-stack/messages.ts";
import type { FakeLog } from "../../../fakes/chain.ts";
import type { Call, Effect } from "../call.ts";
import { parseCall } from "../calls.ts";
import { AT } from "./contracts.ts";
import { logOf } from "./events.ts";
import type { OpState } from "./state.ts";

const BRIDGE = ABI.StandardBridge;
const lower = (address: string): string => address.toLowerCase();

/** A call of the standard bridge of a chain, which sends a message to the other one's. */
export function callBridge(state: OpState, { from, data, value }: Call): Effect {
  const { chain } = state;
  const [here, there] = [AT.bridge[chain], AT.bridge[otherChain(chain)]];
  const call = parseCall(BRIDGE, data);
  const send = (minGas: unknown, wei: bigint, method: string, args: readonly unknown[]) =>
    state.send({
      sender: here,
      target: there,
      value: wei,
      minGas: BigInt(String(minGas)),
      message: BRIDGE.encodeFunctionData(method, args),
    });
  if (call?.name === "bridgeETH") {
    state.move(here, state.vault, value);
    return send(call.args[0], value, "finalizeBridgeETH", [from, from, value, "0x"]);
  }
  if (call?.name !== "bridgeERC20" || value > 0n) return undefined;
  const [local, remote, amount, minGas] = call.args.toArray().map(String);
  const units = BigInt(amount ?? 0);
  if (lower(local ?? "") !== AT.token[chain] || lower(remote ?? "") !== AT.token[otherChain(chain)])
    return undefined;
  // L1's bridge takes what it may; L2's burns what is its own.
  if (chain === 1 && !state.allowances.has(from)) return undefined;
  if (!state.moveTokens(from, here, units)) return undefined;
  return send(minGas, 0n, "finalizeBridgeERC20", [remote, local, from, from, units, "0x"]);
}

/** What a message has the bridge pay. The messenger has its ETH. Undefined where the call reverts. */
export function finalise(state: OpState, { target, sender, value, message }: CrossDomainMessage): Effect {
  const { chain } = state;
  const bridge = AT.bridge[chain];
  if (lower(target) !== bridge || lower(sender) !== AT.bridge[otherChain(chain)]) return undefined;
  const call = parseCall(BRIDGE, message);
  const args = (call?.args.toArray() ?? []).map(String);
  if (call?.name === "finalizeBridgeETH") {
    const [from = "", to = "", amount = "0"] = args;
    if (BigInt(amount) !== value || !state.move(AT.messenger[chain], lower(to), value)) return undefined;
    return [logOf(bridge, BRIDGE, "ETHBridgeFinalized", [from, to, amount, "0x"])];
  }
  if (call?.name !== "finalizeBridgeERC20") return undefined;
  return payTokens(state, args);
}

function payTokens(state: OpState, [local, remote, from, to = "", amount = "0"]: readonly string[]): Effect {
  const { chain } = state;
  const units = BigInt(amount);
  const logs: FakeLog[] = [
    logOf(AT.bridge[chain], BRIDGE, "ERC20BridgeFinalized", [local, remote, from, to, amount, "0x"]),
  ];
  // L2's token is minted; L1's bridge has kept it.
  if (chain === 2) state.tokens.set(AT.bridge[2], state.tokensOf(AT.bridge[2]) + units);
  return state.moveTokens(AT.bridge[chain], lower(to), units) ? logs : undefined;
}
