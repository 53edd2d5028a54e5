import { type Chain, type PerChain, perChain, Stream } from "../../stress/engine/base/index.ts";
import { type EngineEvent, ORDER } from "../../stress/engine/events.ts";
import { Node, type Rpc } from "../../stress/engine/rpc/index.ts";
import { OvmBridge } from "../../stress/protocols/ovm2/bridge.ts";
import { readRollupFees } from "../../stress/protocols/fees.ts";
import { contracts } from "./contracts.ts";
import { FakeClock } from "./clock.ts";

/** What a test's engine is opened with, beside its chains. */
export const SETUP = { addresses: { ...contracts.addresses }, funding: {} } as const;

export const nodesOf = (rpcs: PerChain<Rpc>): PerChain<Node> =>
  perChain((chain) => new Node(rpcs[chain], readRollupFees));

/** The legacy bridge between two chains of a test: gas costs 1 gwei. */
export const bridgeOn = (rpcs: PerChain<Rpc>): Promise<OvmBridge> =>
  OvmBridge.open({
    ...SETUP,
    nodes: nodesOf(rpcs),
    clock: new FakeClock(),
    gasPrice: (_chain: Chain) => 10n ** 9n,
  });

/** A stream of a test's own, in the engine's order. */
export const newStream = (): Stream<EngineEvent> => new Stream(ORDER);

/** Keeps all events of some kinds that a stream tells, in their order. */
export function eventsOf<K extends EngineEvent["kind"]>(
  stream: Stream<EngineEvent>,
  ...kinds: readonly K[]
): Extract<EngineEvent, { kind: K }>[] {
  const seen: Extract<EngineEvent, { kind: K }>[] = [];
  const take = (event: EngineEvent): void => {
    seen.push(event as Extract<EngineEvent, { kind: K }>);
  };
  stream.subscribe("report", Object.fromEntries(kinds.map((kind) => [kind, take])));
  return seen;
}
