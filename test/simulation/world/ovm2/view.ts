import { ZeroAddress } from "ethers";
import type { Chain } from "../../../../stress/engine/base/index.ts";
import type { MessageId } from "../../../../stress/engine/chain/index.ts";
import { GAS_PRICE_ORACLE } from "../../../../stress/protocols/fees.ts";
import { ABI, POOL_ABI } from "../../../../stress/protocols/ovm2/contracts.ts";
import { PREDEPLOYS } from "../../../../stress/protocols/ovm2/predeploys.ts";
import { parseCall } from "../calls.ts";
import { DATA_FEE } from "../fees.ts";
import { BURNED, POOL, SCC, WINDOW_S } from "./contracts.ts";
import type { OvmState } from "./state.ts";

/** Answers a view call. @param address in lower case */
export function read(state: OvmState, address: string, data: string): string {
  const abi = abiOf(state.chain, address);
  const call = parseCall(abi, data);
  if (call === undefined) return "0x";
  const zeros = (): unknown[] =>
    call.fragment.outputs.map(({ type }) => (type === "address" ? ZeroAddress : 0n));
  const answer = (values: readonly unknown[]): string => abi.encodeFunctionResult(call.fragment, values);
  switch (call.name) {
    case "userInfo":
      return answer([state.stake(String(call.args[1]).toLowerCase()), 0n, 0n]);
    case "poolInfo":
      return answer(zeros().map((zero, at) => (at === 2 ? state.liquidity : zero)));
    case "successfulMessages":
      return answer([state.relayed.has(String(call.args[0]) as MessageId)]);
    case "FRAUD_PROOF_WINDOW":
      return answer([WINDOW_S]);
    case "getL1Fee":
      return answer([DATA_FEE]);
    default:
      return answer(zeros());
  }
}

function abiOf(chain: Chain, address: string) {
  if (address === POOL[chain]) return POOL_ABI[chain];
  if (address === SCC) return ABI.StateCommitmentChain;
  if (address === PREDEPLOYS.gasPriceOracle.toLowerCase()) return GAS_PRICE_ORACLE;
  return address === BURNED ? ABI.ERC20 : ABI.CrossDomainMessenger;
}
