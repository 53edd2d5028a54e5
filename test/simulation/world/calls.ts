import type { FunctionFragment, Interface, Result } from "ethers";

/** A call as its contract reads it. */
export interface ParsedCall {
  readonly name: string;
  readonly fragment: FunctionFragment;
  readonly args: Result;
}

const known = new WeakMap<Interface, Map<string, FunctionFragment | undefined>>();

/** Reads a call; undefined where the contract has no such function. ethers hashes every signature anew each time it is asked. */
export function parseCall(abi: Interface, data: string): ParsedCall | undefined {
  const functions = known.get(abi) ?? new Map<string, FunctionFragment | undefined>();
  known.set(abi, functions);
  const selector = data.slice(0, 10);
  if (!functions.has(selector)) functions.set(selector, abi.getFunction(selector) ?? undefined);
  const fragment = functions.get(selector);
  if (fragment === undefined) return undefined;
  return { name: fragment.name, fragment, args: abi.decodeFunctionData(fragment, data) };
}
