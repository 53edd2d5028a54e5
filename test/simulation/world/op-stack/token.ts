import { Interface } from "ethers";
import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import type { Call, Effect } from "../call.ts";
import { parseCall } from "../calls.ts";
import { answered } from "./answers.ts";
import { AT } from "./contracts.ts";
import type { OpState } from "./state.ts";

/** The token standard, as far as it is used (ERC-20). */
const ERC20 = new Interface([
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function decimals() view returns (uint8)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function approve(address spender, uint256 amount) returns (bool)",
]);

const lower = (address: string): string => address.toLowerCase();

/** A call of the token. */
export function callToken(state: OpState, { from, data }: Call): Effect {
  const call = parseCall(ERC20, data);
  const [whom, amount] = (call?.args.toArray() ?? []).map(String);
  if (call?.name === "approve") {
    if (lower(whom ?? "") === AT.bridge[state.chain]) state.allowances.add(from);
    return [];
  }
  if (call?.name !== "transfer") return undefined;
  return state.moveTokens(from, lower(whom ?? ""), BigInt(amount ?? 0)) ? [] : undefined;
}

export const readToken = (state: OpState, data: string): string =>
  answered([ERC20, ABI.OptimismMintableERC20], data, {
    balanceOf: (owner = "") => [state.tokensOf(lower(owner))],
    allowance: (owner = "") => [state.allowances.has(lower(owner)) ? 2n ** 255n : 0n],
    decimals: () => [18],
    ...(state.chain === 2 ? { l1Token: () => [AT.token[1]] } : {}),
  });
